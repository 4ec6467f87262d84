# Completion of vpspilot for bash. In ~/.bashrc: source <(vpspilot completion bash)
_vpspilot() {
  local line
  COMPREPLY=()
  while IFS= read -r line; do
    COMPREPLY+=("${line%%$'\t'*}")
  done < <(vpspilot complete "${COMP_LINE:0:COMP_POINT}" 2>/dev/null)
}
complete -o default -F _vpspilot vpspilot
