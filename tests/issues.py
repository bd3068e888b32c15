"""Bulletins for tests: issued in memory, or in real repositories whose commits carry the dates a test gives."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import yaml
from checkout import checkout, taizhang
from click.testing import Result
from support import CAMPAIGN, Data, Tree, yaml_text

from taizhang.bulletins.drafts import Basis, first_draft
from taizhang.campaign.plans import cut_off_of, period_of, plan_of
from taizhang.figures.frozen import digest_of

GONE = "0" * 40
"""A commit that no repository has."""

_NAMES = {
    "GIT_AUTHOR_NAME": "a",
    "GIT_AUTHOR_EMAIL": "a@example",
    "GIT_COMMITTER_NAME": "c",
    "GIT_COMMITTER_EMAIL": "c@example",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
}


def issued(tree: Tree, kind: str, key: str, day: str, **words: object) -> str:
    """File a bulletin of the tree's own figures, issued on a day in the office's words; gives its path."""
    ledger = tree.ledger()
    records = [record for record in tree.intake().records if record.campaign == CAMPAIGN]
    plan = plan_of(ledger.campaign, kind)
    period = period_of(ledger.campaign, plan, key)
    basis = Basis(GONE, 1, digest_of(records, cut_off_of(period, plan)))
    on_file = [record for record in ledger.records if record.kind.name == "bulletins"]
    data = first_draft(ledger, plan, period, basis, on_file, date.fromisoformat(day))
    path = f"submissions/{CAMPAIGN}/bureau/bulletins/{kind}-{key}.yml"
    tree.files[path] = yaml_text({**data, "issued_on": day, **words})
    return path


def corrected(tree: Tree, path: str, day: str, reason: str) -> str:
    """File the second revision of a bulletin, with the same figures and words; gives its path."""
    data = yaml.safe_load(str(tree.files[path]))
    again = path.replace(".yml", "-r2.yml")
    tree.files[again] = yaml_text({**data, "revision": 2, "reason": reason, "filed_on": day, "issued_on": day})
    return again


class Office:
    """A checkout in a real repository, in which an office works."""

    def __init__(self, root: Path, tree: Tree | None = None, when: str = "2023-05-20") -> None:
        self.root = root
        if tree is not None:
            root.mkdir(parents=True)
            checkout(root, tree)
            self.git("init", "-q", "-b", "main")
            self.commit(when)

    def git(self, *arguments: str, when: str = "2023-05-20") -> str:
        stamp = f"{when}T09:00:00+0800"
        environment = {**os.environ, **_NAMES, "GIT_COMMITTER_DATE": stamp, "GIT_AUTHOR_DATE": stamp}
        done = subprocess.run(["git", *arguments], cwd=self.root, env=environment, check=True, capture_output=True)
        return done.stdout.decode().strip()

    def commit(self, when: str) -> str:
        """Land everything that lies in the folder; gives the commit."""
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "file", when=when)
        return self.git("rev-parse", "HEAD")

    def land(self, when: str, path: str, data: Data) -> str:
        """Land one record."""
        self.write(path, yaml_text(data))
        return self.commit(when)

    def write(self, path: str, text: str) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def read(self, path: str) -> str:
        return (self.root / path).read_text(encoding="utf-8")

    def edit(self, path: str, old: str, new: str) -> None:
        text = self.read(path)
        assert text.count(old) == 1, (old, text)
        self.write(path, text.replace(old, new))

    def bulletin(self, *arguments: str) -> Result:
        return taizhang(self.root, "bulletin", *arguments)

    def issue(self, kind: str, key: str, day: str) -> str:
        """Draft, issue and land a bulletin; gives its path."""
        done = [self.bulletin(step, kind, key, "--today", day) for step in ("draft", "issue")]
        assert [result.exit_code for result in done] == [0, 0], [result.output for result in done]
        self.commit(day)
        return f"submissions/{CAMPAIGN}/bureau/bulletins/{kind}-{key}.yml"

    def elsewhere(self, folder: Path, days: Sequence[str] = ("2024-02-01",)) -> Office:
        """The same files in a repository of its own, whose history begins with them."""
        shutil.copytree(self.root, folder, ignore=shutil.ignore_patterns(".git"))
        other = Office(folder)
        other.git("init", "-q", "-b", "main")
        for day in days:
            other.commit(day)
        return other
