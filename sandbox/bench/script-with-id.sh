#!/usr/bin/env bash
# The script of one who has looked up the key's id beforehand: a peer for `npm run bench -- --peer`.
KEY_ID=$ID_OF_KEY exec bash "$(dirname "$0")/script.sh"
