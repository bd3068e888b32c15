#!/usr/bin/env bash
# Prints the interpreter to run the generator with: the one that TAIZHANG_PYTHON names, for runners in a closed network
# where the packages are installed by hand; else a new environment with the pinned packages and nothing built from source.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

python=${TAIZHANG_PYTHON:-}
if [ -z "$python" ]; then
    folder=$(mktemp --directory --tmpdir="${RUNNER_TEMP:-/tmp}" taizhang-XXXXXX)
    python3 -m venv "$folder" >&2
    python=$folder/bin/python
    install=("$python" -I -m pip install -qq --disable-pip-version-check --no-input)
    "${install[@]}" --require-hashes --only-binary :all: -r requirements/site.txt >&2
    "${install[@]}" --no-deps --no-build-isolation -e . >&2
fi
echo "$python"
