"""Addresses on a code platform: where a pushed branch becomes a pull request, where a file is corrected.

Each platform's form of these addresses is fixed here; only the repository's own address and names are filled in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode

HOSTS: Mapping[str, str] = {
    "github.com": "github",
    "gitlab.com": "gitlab",
    "gitee.com": "gitee",
    "codeberg.org": "gitea",
}
"""The platform behind a public host. Any other host is known only from `extra.filing` in mkdocs.yml."""

_WEB = re.compile(r"https?://(?:[^/@]*@)?([A-Za-z0-9.-]+(?::[0-9]+)?)/(.+)\Z")
_SSH = re.compile(r"ssh://(?:[^/@]*@)?([A-Za-z0-9.-]+)(?::[0-9]+)?/(.+)\Z")
_SHORT = re.compile(r"(?:[^/@:]+@)?([A-Za-z0-9.-]+):(?!/)(.+)\Z")
_PATH = re.compile(r"[A-Za-z0-9._~-]+(/[A-Za-z0-9._~-]+)+\Z")


@dataclass(frozen=True)
class OfficeRepository:
    """The office's repository on a code platform. `kind` is github, gitea (Forgejo too), gitlab or gitee."""

    kind: str
    repository: str
    branch: str

    def edit_address(self, path: str) -> str:
        """Where a file of the main branch is changed in the browser."""
        way = {"github": "edit", "gitea": "_edit", "gitlab": "-/edit", "gitee": "edit"}[self.kind]
        return f"{self.repository}/{way}/{quote(self.branch)}/{quote(path)}"

    def request_address(self, remote: Remote | None, branch: str) -> str:
        """Where `branch`, pushed to `remote`, is proposed to the office; the remote may be a fork of its repository."""
        fork = remote if remote and remote.path != self._path else None
        theirs, ours = quote(branch), quote(self.branch)
        match self.kind:
            case "gitlab":
                base = f"{_root(self.repository)}/{fork.path}" if fork else self.repository
                wanted = {"merge_request[source_branch]": branch, "merge_request[target_branch]": self.branch}
                return f"{base}/-/merge_requests/new?{urlencode(wanted)}"
            case "gitee":
                return (
                    f"{self.repository}/pull/new/{(fork.path if fork else self._path)}:{theirs}...{self._path}:{ours}"
                )
            case "github":
                head = f"{fork.owner}:{fork.name}:{theirs}" if fork else theirs
                return f"{self.repository}/compare/{ours}...{head}?expand=1"
            case _:
                head = f"{fork.owner}/{fork.name}:{theirs}" if fork else theirs
                return f"{self.repository}/compare/{ours}...{head}"

    @property
    def _path(self) -> str:
        return self.repository.removeprefix(f"{_root(self.repository)}/")


@dataclass(frozen=True)
class Remote:
    """A remote repository by its address: the host and the path there, without `.git`."""

    host: str
    path: str

    @property
    def owner(self) -> str:
        return self.path.rpartition("/")[0]

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]


def read_remote(url: str) -> Remote | None:
    """The host and path that a remote's address names; None for a folder, or what no platform would have."""
    for form in (_WEB, _SSH, _SHORT):
        found = form.match(url)
        if found:
            path = found[2].strip("/").removesuffix(".git")
            return Remote(found[1], path) if _PATH.match(path) else None
    return None


def forge_behind(remote: Remote, branch: str) -> OfficeRepository | None:
    """The platform that a remote's own host is known to be."""
    kind = HOSTS.get(remote.host)
    return OfficeRepository(kind, f"https://{remote.host}/{remote.path}", branch) if kind else None


def request_page(forge: OfficeRepository | None, url: str, branch: str, main: str) -> str | None:
    """Where `branch`, pushed to the remote at `url`, is proposed: on `forge`, or on the platform behind a public host.

    None where no platform is known. `main` is the branch that a platform known by its host is asked to merge into.
    """
    remote = read_remote(url)
    known = forge or (forge_behind(remote, main) if remote else None)
    return known.request_address(remote, branch) if known else None


def _root(address: str) -> str:
    return "/".join(address.split("/")[:3])
