"""Audit: known faults in the packages of a lock file, by OSV (osv.dev).

Exit code 1 where there is one; 0 where there is none, and where OSV cannot be reached.
"""

import re
import sys
from pathlib import Path

import httpx

SOURCE = "https://api.osv.dev/v1/querybatch"
_PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", re.MULTILINE)


def pinned(lock: str) -> list[tuple[str, str]]:
    """The packages of a lock file and their versions."""
    return _PINNED.findall(lock)


def findings(packages: list[tuple[str, str]], source: str = SOURCE) -> list[str]:
    """A line for each package with known faults.

    ``httpx.HTTPError`` or ``ValueError`` is raised where they are not to be had.
    """
    queries = [
        {"package": {"name": name, "ecosystem": "PyPI"}, "version": version}
        for name, version in packages
    ]
    reply = httpx.post(source, json={"queries": queries}, timeout=20).raise_for_status()
    return [
        f"{name} {version}: {', '.join(fault['id'] for fault in result['vulns'])}"
        for (name, version), result in zip(packages, reply.json()["results"], strict=True)
        if result.get("vulns")
    ]


def main(lock: str, source: str = SOURCE) -> int:
    """The exit code; what was found is printed."""
    packages = pinned(Path(lock).read_text("utf-8"))
    try:
        found = findings(packages, source)
    except (httpx.HTTPError, ValueError, KeyError):
        print("not audited: no advisory source can be reached")
        return 0
    print("\n".join(found) or f"no known faults in {len(packages)} packages")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
