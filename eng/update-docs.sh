#!/usr/bin/env bash
# Brings the C# blocks of README.md and docs/ up to date with the regions of samples/ and tests/ that they show.
# How a block is marked: tests/Failover.Architecture.Tests/Docs/DocsPage.cs.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
FAILOVER_UPDATE_DOCS=1 dotnet test "$root/tests/Failover.Architecture.Tests" --nologo --filter FullyQualifiedName~DocsTests
git -C "$root" status --short -- '*.md'
