#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes the virtual environment FOLDER with the Python packages of tests and lint, of exactly the versions and contents that
# python-requirements.txt tells. Does nothing if it is there and the file has not changed since.
# usage: venv.sh FOLDER
set -euo pipefail
folder=${1:?usage: venv.sh FOLDER}
requirements=$(cd "$(dirname "$0")" && pwd)/python-requirements.txt

stamp=$folder/requirements.sha256
wanted=$(sha256sum <"$requirements")
if [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ]; then
  echo "venv: $folder is up to date"
  exit 0
fi

echo "venv: installing the packages of scripts/python-requirements.txt into $folder"
python3 -m venv --clear "$folder"
"$folder/bin/pip" --quiet --disable-pip-version-check install --require-hashes --only-binary :all: --requirement "$requirements"
echo "$wanted" >"$stamp"
