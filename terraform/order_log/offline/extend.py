#!/usr/bin/env python3
"""Copies a terraform-offline tool and teaches the copy the types of MemoryDB, which it may not know.

usage: extend.py TOOL-FOLDER TARGET-FOLDER

`memorydb-schema.json`, beside this file, was derived with the tool's own derive_schema.py from the bindings that its README
names (@cdktn/provider-aws 25.7.0, provider release 6.66.0): names, types and flags, no code.
"""
import gzip
import json
import shutil
import sys
from pathlib import Path


def main():
    tool, target = Path(sys.argv[1]), Path(sys.argv[2])
    shutil.copytree(tool, target, ignore=shutil.ignore_patterns("example", "cases", "__pycache__"))
    path = target / "aws-schema.json.gz"
    schema = json.loads(gzip.decompress(path.read_bytes()))
    more = json.loads((Path(__file__).parent / "memorydb-schema.json").read_text(encoding="utf-8"))
    if schema["version"] != more["version"]:
        print(f"note: the tool knows release {schema['version']}, MemoryDB's types are of {more['version']}", file=sys.stderr)
    for name, described in more["resource_schemas"].items():
        schema["resource_schemas"].setdefault(name, described)
    target.chmod(0o755)
    path.unlink()
    path.write_bytes(gzip.compress(json.dumps(schema).encode()))


main()
