# Completion of vpspilot for fish: vpspilot completion fish > ~/.config/fish/completions/vpspilot.fish
function __vpspilot_complete
    set -l items (vpspilot complete (commandline -cp) 2>/dev/null)
    if test (count $items) -gt 0
        printf '%s\n' $items
    else
        __fish_complete_path (commandline -ct)
    end
end
complete -c vpspilot -f -a '(__vpspilot_complete)'
