#!/usr/bin/env bash
# Asks a control plane for a deployment by its signed generic webhook; with VPSPILOT_TOKEN it waits for the end. Needs curl, jq and openssl.
# Exit codes: 0 asked for, or succeeded, superseded or ignored; 1 refused, or ended otherwise; 2 wrong settings.
set -euo pipefail

fail() {
  echo "::error::$2"
  exit "$1"
}

# HMAC-SHA256 of standard input with the key $1 (RFC 2104), in hex. openssl would take the key on its command line, where every process sees it.
hmac() {
  local key pad inner='' outer='' i
  key=$(printf '%s' "$1" | od -An -v -tx1 | tr -d ' \n')
  ((${#key} <= 128)) || key=$(printf '%s' "$1" | openssl dgst -sha256 -r | cut -d' ' -f1)
  printf -v pad '%0128d' 0
  key+=${pad:${#key}}
  for ((i = 0; i < 128; i += 2)); do
    printf -v inner '%s\\x%02x' "$inner" $((16#${key:i:2} ^ 0x36))
    printf -v outer '%s\\x%02x' "$outer" $((16#${key:i:2} ^ 0x5c))
  done
  { printf '%b' "$inner"; cat; } | openssl dgst -sha256 -binary | { printf '%b' "$outer"; cat; } | openssl dgst -sha256 -r | cut -d' ' -f1
}

missing=
for name in URL PROJECT WEBHOOK_SECRET COMMIT REF; do
  variable=VPSPILOT_$name
  [[ -n ${!variable:-} ]] || missing+=" $variable"
done
[[ -z $missing ]] || fail 2 "These are not set:$missing."
for program in curl jq openssl; do
  command -v "$program" >/dev/null || fail 2 "$program is not installed on this runner."
done
case $VPSPILOT_REF in
  refs/heads/*) kind=branch name=${VPSPILOT_REF#refs/heads/} ;;
  refs/tags/*) kind=tag name=${VPSPILOT_REF#refs/tags/} ;;
  *) fail 2 "'$VPSPILOT_REF' is neither refs/heads/… nor refs/tags/…, so it cannot be deployed. Run this on a push, or set ref." ;;
esac

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
umask 0077
curl=(curl --silent --show-error --max-time 30)
if [[ -n ${VPSPILOT_CA:-} ]]; then
  printf '%s\n' "$VPSPILOT_CA" >"$work/ca.pem"
  curl+=(--cacert "$work/ca.pem")
fi

body=$(jq -cn --arg kind "$kind" --arg name "$name" --arg commit "$VPSPILOT_COMMIT" --arg message "${VPSPILOT_MESSAGE:-}" --arg by "${VPSPILOT_BY:-}" \
  '{($kind): $name, commit: $commit} + (if $message == "" then {} else {message: $message} end) + (if $by == "" then {} else {by: $by} end)')
time=$(date +%s)
signature=$(printf '%s.%s' "$time" "$body" | hmac "$VPSPILOT_WEBHOOK_SECRET")

# The same request twice is one delivery, so it may be tried again.
status=$("${curl[@]}" --retry 4 --retry-connrefused --output "$work/answer" --write-out '%{http_code}' \
  --header 'Content-Type: application/json' --header "X-VpsPilot-Timestamp: $time" --header "X-VpsPilot-Signature: sha256=$signature" \
  --data-binary "$body" "${VPSPILOT_URL%/}/api/webhooks/generic/$VPSPILOT_PROJECT") || fail 1 "$VPSPILOT_URL does not answer."

tell() {
  [[ -z ${GITHUB_OUTPUT:-} ]] || printf 'deployment-id=%s\nstatus=%s\n' "$1" "$2" >>"$GITHUB_OUTPUT"
}

case $status in
  202) ;;
  200)
    echo "::notice::Nothing is deployed: $(jq -r .ignored "$work/answer")"
    tell '' ignored
    exit 0
    ;;
  *) fail 1 "The control plane answered $status: $(jq -r '[.title, .detail] | map(select(. != null)) | join(" ")' "$work/answer" 2>/dev/null || head -c 300 "$work/answer")" ;;
esac
id=$(jq -r .deploymentId "$work/answer")
echo "Deployment $id of $VPSPILOT_PROJECT is asked for."
if [[ -z ${VPSPILOT_TOKEN:-} ]]; then
  tell "$id" queued
  exit 0
fi

# In a file: a header on the command line could be seen by every process.
printf 'header = "Authorization: Bearer %s"\n' "$VPSPILOT_TOKEN" >"$work/token"
shown=
end=$((SECONDS + ${VPSPILOT_TIMEOUT:-1800}))
while ((SECONDS < end)); do
  if "${curl[@]}" --fail --retry 4 --retry-connrefused --config "$work/token" --output "$work/deployment" "${VPSPILOT_URL%/}/api/deployments/$id"; then
    state=$(jq -r .status "$work/deployment")
    [[ $state == "$shown" ]] || echo "$state"
    shown=$state
    case $state in
      succeeded | superseded)
        tell "$id" "$state"
        exit 0
        ;;
      failed | rolled-back | canceled)
        tell "$id" "$state"
        fail 1 "Deployment $id ended as $state: $(jq -r '.summary // ""' "$work/deployment")"
        ;;
    esac
  fi
  sleep "${VPSPILOT_INTERVAL:-3}"
done
tell "$id" "${shown:-queued}"
fail 1 "Deployment $id has not ended within ${VPSPILOT_TIMEOUT:-1800} s; it goes on."
