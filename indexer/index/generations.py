"""A folder of generations: build the next one aside, then switch to it in one rename.

    CURRENT                    the name of the live generation
    writer.lock                held by the one job that builds
    switch.lock                held for the moment in which the live generation changes
    jobs.db                    the jobs, and the changes to single articles that are to be made
    generations/<name>/        complete once it has a manifest.json
        whoosh/                Whoosh's segments, those of the generation before by hard links
        columns/               the columns of each segment, likewise
        articles.json          hash, language and address of every article
        ledger.msgpack         what the job learned of every place it looked at
        withdrawals.msgpack    what deleted articles still count for in Whoosh's statistics
        manifest.json          counts and checksums, written last

Readers only ever follow CURRENT, so a crash at any moment leaves the old generation serving.

An index folder is trusted input: Whoosh unpickles its schema on opening. The manifest's version
is checked first, but that is no defence against a folder made by an attacker.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from indexer.errors import GenerationUnknown, IndexDamaged, IndexForeign, IndexMissing
from indexer.index import durable
from indexer.index.generation import GENERATIONS, Generation
from indexer.index.lock import SWITCH_LOCK, WRITER_LOCK, lock_folder, wait_for_folder
from indexer.index.manifest import check_files, check_sizes, read_manifest
from indexer.index.publishing import CURRENT, GenerationWriter


class GenerationStore:
    """The generations of one index folder. Reading needs no lock; writing goes through one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._generations = folder / GENERATIONS
        self._current = folder / CURRENT

    def current_name(self) -> str:
        """Return the name of the live generation.

        Raises:
            IndexMissing: the folder has none.
            IndexDamaged: CURRENT does not hold a name.
        """
        try:
            name = self._current.read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            raise IndexMissing(
                f"There is no index in {self.folder}. Build one with `health-index reindex "
                f"SOURCE --index {self.folder}`."
            ) from None
        except (OSError, UnicodeDecodeError) as error:
            raise IndexDamaged(
                f"{self._current} cannot be read ({error}). Roll back or reindex."
            ) from error
        if not name or name != Path(name).name or name.startswith("."):
            raise IndexDamaged(f"{self._current} does not name a generation. Roll back or reindex.")
        return name

    def open(self, name: str) -> Generation:
        """Return a generation after checking every file against the manifest.

        Raises:
            GenerationUnknown: there is none of that name.
            IndexDamaged: something is missing, truncated or altered.
            IndexForeign: another schema version wrote it.
        """
        generation = self._known(name)
        check_files(generation.folder, generation.manifest.files)
        return generation

    def open_quickly(self, name: str) -> Generation:
        """Return a generation after a look at its files: big ones are not read.

        That all are there and of their size is checked, and the checksums of the small ones. Who
        serves it checks the rest before long.

        Raises:
            GenerationUnknown: there is none of that name.
            IndexDamaged: something is missing or truncated, or a small file is altered.
            IndexForeign: another schema version wrote it.
        """
        generation = self._known(name)
        check_sizes(generation.folder, generation.manifest.files)
        return generation

    def current(self) -> Generation:
        """Return the live generation, checked as by ``open``.

        Raises:
            IndexMissing: the folder has none.
            IndexDamaged: it is not whole, or is not there although CURRENT names it.
            IndexForeign: another schema version wrote it.
        """
        generation = self.live()
        check_files(generation.folder, generation.manifest.files)
        return generation

    def live(self) -> Generation:
        """Return the live generation; its files are not checked.

        Raises:
            IndexMissing: the folder has none.
            IndexDamaged: it is not there although CURRENT names it.
            IndexForeign: another schema version wrote it.
        """
        name = self.current_name()
        if name not in self.names():
            raise IndexDamaged(
                f"{self._current} names {name!r}, which is not there. Roll back or reindex."
            )
        return self._read(name)

    def complete(self) -> list[Generation]:
        """Return the generations that can be read, oldest first; their files are not checked.

        Those of another schema version cannot.
        """
        found = []
        for name in self.names():
            with suppress(IndexDamaged, IndexForeign):
                found.append(self._read(name))
        return found

    @contextmanager
    def writing(self) -> Iterator[GenerationWriter]:
        """Hold the folder for a job, which may take hours, and lend the means to change it.

        Raises:
            IndexLocked: another job holds the folder.
            IndexUnwritable: the folder cannot be written.
        """
        with durable.unwritable(self.folder), lock_folder(self.folder, WRITER_LOCK):
            yield GenerationWriter(self)

    @contextmanager
    def switching(self) -> Iterator[GenerationWriter]:
        """Hold the folder for the moment in which the live generation changes; waits for it.

        A job holds it only to publish, so that single articles can be changed while it runs.

        Raises:
            IndexUnwritable: the folder cannot be written.
        """
        with durable.unwritable(self.folder), wait_for_folder(self.folder, SWITCH_LOCK):
            yield GenerationWriter(self)

    def _known(self, name: str) -> Generation:
        if name not in self.names():
            raise GenerationUnknown(
                f"{self.folder} has no generation {name!r}. `health-index status` lists them."
            )
        return self._read(name)

    def _read(self, name: str) -> Generation:
        folder = self._generations / name
        return Generation(name, folder, read_manifest(folder))

    def names(self) -> list[str]:
        """Return the names of all generations, oldest first, complete or not."""
        try:
            return sorted(entry.name for entry in self._generations.iterdir() if entry.is_dir())
        except (FileNotFoundError, NotADirectoryError):
            return []
        except OSError as error:
            raise IndexDamaged(f"{self._generations} cannot be read ({error.strerror}).") from error
