# makeWrapper PROGRAM WRAPPER [--set N V | --set-default N V | --unset N | --prefix N SEP V | --suffix N SEP V | --add-flags ARGS | --chdir DIR | --run CODE]...
makeWrapper() {
  local program=$1 wrapper=$2 flags='' after='' name=$2
  shift 2
  mkdir -p "$(dirname "$wrapper")"
  {
    echo '#!/bin/bash -e'
    while [ $# -gt 0 ]; do
      case $1 in
        --set) printf 'export %s=%q\n' "$2" "$3" && shift 3 ;;
        --set-default) printf 'export %s=${%s-%q}\n' "$2" "$2" "$3" && shift 3 ;;
        --unset) printf 'unset %s\n' "$2" && shift 2 ;;
        --prefix) printf 'export %s=%q${%s:+%q$%s}\n' "$2" "$4" "$2" "$3" "$2" && shift 4 ;;
        --suffix) printf 'export %s=${%s:+$%s%q}%q\n' "$2" "$2" "$2" "$3" "$4" && shift 4 ;;
        --add-flags | --append-flags) flags+=" $2" && shift 2 ;;
        --add-flag) flags+=" $(printf %q "$2")" && shift 2 ;;
        --chdir) printf 'cd %q\n' "$2" && shift 2 ;;
        --run) printf '%s\n' "$2" && shift 2 ;;
        --argv0 | --inherit-argv0) shift $([ "$1" = --argv0 ] && echo 2 || echo 1) ;;
        *) echo "makeWrapper does not know $1" >&2 && return 1 ;;
      esac
    done
    printf 'exec %q%s "$@"\n' "$program" "$flags"
  } >"$wrapper"
  chmod +x "$wrapper"
}

wrapProgram() {
  local program=$1 hidden
  hidden=$(dirname "$1")/.$(basename "$1")-wrapped
  shift
  mv "$program" "$hidden"
  makeWrapper "$hidden" "$program" "$@"
}
