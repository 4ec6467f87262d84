namespace VpsPilot.Testbed.Stack;

/// <summary>The hooks that make a bare repository speak like GitHub.</summary>
/// <remarks>Headers and payload fields: GitHub's documentation of webhook events, "push", and of validating deliveries.</remarks>
internal static class PostReceiveHook
{
    /// <summary>Runs the hook of each project with what was pushed.</summary>
    public const string ForAll = "#!/bin/bash\nset -euo pipefail\npushed=$(cat)\nfor hook in hooks/webhook-*; do\n  \"$hook\" <<<\"$pushed\"\ndone\n";

    public static string Script(Uri webhookUrl, string secretFile) => $$"""
        #!/bin/bash
        set -euo pipefail
        repository=$(basename "$PWD" .git)
        secret=$(cat {{secretFile}})
        while read -r before after ref; do
          subject=$(git log -1 --format=%s "$after" | sed 's/["\\]/\\&/g')
          payload=$(printf '{"ref":"%s","before":"%s","after":"%s","created":false,"deleted":false,"forced":false,"repository":{"id":1,"name":"%s","full_name":"demo/%s"},"pusher":{"name":"demo"},"head_commit":{"id":"%s","message":"%s"},"commits":[]}' \
            "$ref" "$before" "$after" "$repository" "$repository" "$after" "$subject")
          signature=$(printf '%s' "$payload" | openssl dgst -sha256 -mac HMAC -macopt "key:$secret" | sed 's/^.* //')
          curl --silent --show-error --fail-with-body --max-time 10 \
            --header 'Content-Type: application/json' \
            --header 'X-GitHub-Event: push' \
            --header "X-GitHub-Delivery: $(cat /proc/sys/kernel/random/uuid)" \
            --header "X-Hub-Signature-256: sha256=$signature" \
            --data-binary "$payload" '{{webhookUrl}}'
        done
        """.ReplaceLineEndings("\n") + "\n";
}
