#!/usr/bin/env bash
# What users write today instead of the action: curl and jq find the key by its name and rotate it, gh seals the token
# and stores it. What it needs comes as variables: see sandbox/bench/contestants.ts.
set -euo pipefail

ask() {
  curl --fail --silent --show-error --header "Authorization: Bearer $INCIDENT_API_KEY" "$@"
}
id=${KEY_ID:-$(
  ask "$INCIDENT_API_URL/v1/api_keys?page_size=250" |
    jq --raw-output --arg name "$KEY_NAME" '.api_keys[] | select(.name == $name).id'
)}
token=$(
  ask "$INCIDENT_API_URL/v1/api_keys/$id/actions/rotate" \
    --header 'Content-Type: application/json' --data '{"grace_period_minutes": 15}' |
    jq --raw-output .token
)
for repository in $REPOSITORIES; do
  gh secret set "$SECRET_NAME" --repo "$repository" --body "$token"
done
