#compdef vpspilot
# Completion of vpspilot for zsh. In ~/.zshrc, after compinit: source <(vpspilot completion zsh)
_vpspilot() {
  local line
  local -a items
  while IFS= read -r line; do
    line=${line//:/\\:}
    items+=("${line/$'\t'/:}")
  done < <(vpspilot complete "${(j: :)words[1,CURRENT]}" 2>/dev/null)
  if (( ${#items} )); then
    _describe vpspilot items
  else
    _files
  fi
}
compdef _vpspilot vpspilot
