"""What a pull request would make of main, read from real repositories as objects only."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from repositories import Work

from taizhang.history import Blob, HistoryError, Proposal, Repository, TreeSource, proposal, propose
from taizhang.history.writing import CommitDraft, Ident, write_commits

RECORD = "submissions/c/org/hazards/2023-001.yml"
OTHER = "submissions/c/org/hazards/2023-002.yml"


@pytest.fixture
def work(tmp_path: Path) -> Work:
    """Main with one record, and a unit's branch that starts there and is checked out."""
    work = Work(tmp_path / "repository")
    work.write(RECORD, "".join(f"line {number}\n" for number in range(20)))
    work.commit("2023-05-20T09:00:00+0800")
    work.git("checkout", "-q", "-b", "unit")
    return work


@pytest.fixture
def proposed(work: Work) -> Iterator[Callable[[], Proposal]]:
    """What merging the branch into main would do; the repository stays open until the test ends."""
    with Repository(work.root) as repository:
        yield lambda: propose(repository, "main", "unit")


def on_main(work: Work, path: str, text: str) -> None:
    work.git("checkout", "-q", "main")
    work.write(path, text)
    work.commit("2023-05-21T09:00:00+0800")
    work.git("checkout", "-q", "unit")


def edited(line: int, text: str) -> str:
    return "".join(f"{text if number == line else f'line {number}'}\n" for number in range(20))


def test_a_new_file_is_one_change_with_its_size(work: Work, proposed: Callable[[], Proposal]) -> None:
    work.write(OTHER, "four")
    head = work.commit()
    found = proposed()
    assert (found.base, found.head) == (work.git("rev-parse", "main"), head)
    (change,) = found.changes
    assert (change.path, change.old) == (OTHER, None)
    assert change.new == Blob("100644", work.git("rev-parse", f"HEAD:{OTHER}"), 4)
    assert found.is_complete
    assert found.conflicts == ()


def test_the_merged_tree_holds_what_both_sides_did_and_writes_nothing(
    work: Work, proposed: Callable[[], Proposal]
) -> None:
    work.write(RECORD, edited(1, "by the unit"))
    work.commit()
    on_main(work, RECORD, edited(18, "by the office"))
    objects = sorted((work.root / ".git").rglob("*"))
    with Repository(work.root) as repository:
        found = propose(repository, "main", "unit")
        assert found.tree is not None
        merged = TreeSource.at(repository, found.tree).read(RECORD).decode()
    assert "by the unit" in merged
    assert "by the office" in merged
    assert [change.path for change in found.changes] == [RECORD]
    assert sorted((work.root / ".git").rglob("*")) == objects


def test_a_merge_without_a_conflict_may_still_contradict_itself(work: Work, proposed: Callable[[], Proposal]) -> None:
    """Git merges the same key, added in two places, into a file with a duplicate key: only the merged tree tells."""
    work.write(RECORD, edited(1, "deadline: 2023-09-30"))
    work.commit()
    on_main(work, RECORD, edited(18, "deadline: 2023-08-31"))
    with Repository(work.root) as repository:
        found = propose(repository, "main", "unit")
        assert found.tree is not None
        assert TreeSource.at(repository, found.tree).read(RECORD).count(b"deadline:") == 2


def test_two_sides_of_one_line_are_a_conflict_that_names_the_path(work: Work, proposed: Callable[[], Proposal]) -> None:
    work.write(RECORD, edited(1, "by the unit"))
    work.commit()
    on_main(work, RECORD, edited(1, "by the office"))
    found = proposed()
    assert (found.tree, found.conflicts, found.changes) == (None, (RECORD,), ())
    assert not found.is_complete


@pytest.mark.parametrize("name", ['"quoted".yml', "a\nb.yml", "中文 名.yml"])
def test_a_conflict_in_an_oddly_named_file_names_it_as_it_is(
    work: Work, proposed: Callable[[], Proposal], name: str
) -> None:
    path = f"submissions/c/{name}"
    work.write(path, "unit\n")
    work.commit()
    on_main(work, path, "office\n")
    assert proposed().conflicts == (path,)


def test_renaming_against_editing_is_seen(work: Work, proposed: Callable[[], Proposal]) -> None:
    work.git("mv", RECORD, OTHER)
    work.commit()
    on_main(work, RECORD, edited(1, "deadline: 2023-09-30"))
    found = proposed()
    changes = {change.path: (change.old is None, change.new is None) for change in found.changes}
    assert changes == {RECORD: (False, True), OTHER: (True, False)}


def test_a_history_that_shares_nothing_is_refused(work: Work, proposed: Callable[[], Proposal]) -> None:
    work.git("checkout", "-q", "--orphan", "unrelated")
    work.commit()
    work.git("branch", "-f", "unit")
    with pytest.raises(HistoryError, match="没有共同的历史"):
        proposed()


@pytest.mark.parametrize("revision", ["--output=pwned", "no-such", "", "a" * 40])
def test_only_commits_can_be_merged(work: Work, revision: str) -> None:
    with Repository(work.root) as repository:
        for pair in (("main", revision), (revision, "unit")):
            with pytest.raises(HistoryError, match="找不到提交"):
                propose(repository, *pair)
    assert not list(Path(work.root).glob("pwned*"))


def test_links_submodules_and_programs_keep_their_modes(work: Work, proposed: Callable[[], Proposal]) -> None:
    folder = "submissions/c/org/hazards"
    os.symlink("../../roll.yml", work.root / folder / "link.yml")
    work.write(f"{folder}/run.yml")
    (work.root / folder / "run.yml").chmod(0o755)
    work.git("add", "-A")
    work.git("update-index", "--add", "--cacheinfo", f"160000,{work.head},{folder}/module")
    work.git("commit", "-q", "-m", "odd modes")
    found = {change.path.rpartition("/")[2]: change.new for change in proposed().changes}
    modes = {name: blob.mode for name, blob in found.items() if blob}
    assert modes == {"link.yml": "120000", "run.yml": "100755", "module": "160000"}
    assert found["module"] == Blob("160000", work.git("rev-parse", "main"), 0)


def test_ten_thousand_changed_files_are_not_even_listed(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    stamp = Ident("unit", 1_684_987_200)
    files = {f"submissions/c/org/files/{number}.txt": b"%d" % number for number in range(10_000)}
    drafts = [CommitDraft({RECORD: b"x"}, stamp, stamp), CommitDraft(files, stamp, stamp, (0,))]
    write_commits(work.root, drafts, {"main": 0, "unit": 1})
    taken: list[str] = []
    lines = Repository.lines

    def counted(self: Repository, *arguments: str, separator: bytes = b"\n") -> Iterator[str]:
        for piece in lines(self, *arguments, separator=separator):
            if arguments[0] == "diff-tree":
                taken.append(piece)
            yield piece

    def unread(self: Repository, ident: str) -> bytes:
        raise AssertionError("nothing is read")

    monkeypatch.setattr(Repository, "lines", counted)
    monkeypatch.setattr(Repository, "blob", unread)
    with Repository(work.root) as repository:
        found = propose(repository, "main", "unit")
    assert not found.is_complete
    assert len(found.changes) == proposal.MOST_CHANGES
    assert len(taken) <= 2 * (proposal.MOST_CHANGES + 1)


def test_a_huge_file_is_refused_unread_and_unmerged(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    work.write(RECORD, b"\0" * 60_000_000)
    work.commit()
    on_main(work, RECORD, edited(1, "by the office"))
    asked: set[str] = set()
    execute = Repository._execute

    def noted(self: Repository, arguments: tuple[str, ...], **options: object) -> object:
        asked.update(arguments)
        return execute(self, arguments, **options)

    monkeypatch.setattr(Repository, "_execute", noted)
    with Repository(work.root) as repository:
        found = propose(repository, "main", "unit")
    assert (found.largest, found.tree, found.changes) == (60_000_000, None, ())
    assert "rev-list" in asked
    assert not {"merge-tree", "diff-tree", "--batch"} & asked


def test_a_huge_file_that_a_later_commit_takes_away_is_still_huge(work: Work, proposed: Callable[[], Proposal]) -> None:
    """Merged, it would stay in everybody's clone for good."""
    work.write(OTHER, b"\0" * (proposal.LARGEST_OBJECT + 1))
    work.commit()
    work.git("rm", "-q", OTHER)
    work.commit()
    found = proposed()
    assert found.largest == proposal.LARGEST_OBJECT + 1
    assert found.tree is None


def test_what_main_already_has_is_not_held_against_a_proposal(work: Work, proposed: Callable[[], Proposal]) -> None:
    on_main(work, "site/film.bin", "\0" * (proposal.LARGEST_OBJECT + 1))
    work.write(OTHER)
    work.commit()
    found = proposed()
    assert [change.path for change in found.changes] == [OTHER]
    assert found.largest < 1000


def test_a_proposal_with_nothing_new_changes_nothing(work: Work, proposed: Callable[[], Proposal]) -> None:
    on_main(work, OTHER, "x\n")
    found = proposed()
    assert found.changes == ()
    assert found.is_complete
    assert found.tree == work.git("rev-parse", "main^{tree}")


def test_a_proposal_that_lacks_an_object_names_it(work: Work, proposed: Callable[[], Proposal]) -> None:
    work.write(OTHER)
    work.commit()
    ident = work.git("rev-parse", "unit^{tree}")
    (work.root / ".git" / "objects" / ident[:2] / ident[2:]).unlink()
    with pytest.raises(HistoryError, match=ident):
        proposed()
