"""Every error this project raises on purpose, in one tree.

    HealthSearchError
      SourceError            a source named by the operator cannot be read at all
      PageError              one page cannot become an article (the job goes on)
        PageSkipped          the page is not meant to be one: noindex, no article, binary
      GateError              what was built must not go live
      JobError               a job of the book cannot be had as asked for
        JobUnknown           there is no such job
        JobRunning           another job has not ended
      JobBroken              a process of the job ended unexpectedly
      JobCanceled            someone asked the job to stop
      LexiconError           a data file of the lexicon is malformed
      EditorialError         a file of notices, or of pinned and hidden results, is malformed
      IndexFolderError       something is wrong with an index folder
        IndexMissing         there is no index, or no live generation in it
        IndexForeign         the index was written by another schema version
        IndexDamaged         files are missing, truncated or altered
        IndexLocked          another writer holds the folder
        IndexUnwritable      the folder cannot be written (read-only, disk full)
        GenerationUnknown    no such generation to roll back to
      Overloaded             more is asked than can be answered in time
      CursorInvalid          a cursor is none, or one of another search
      CursorExpired          a cursor is one of another state of the index
      EvaluationError        a queries or judgements file cannot be used
      AnalyticsError         the file of counted searches cannot be used
      ProblemError           a request that is answered with a problem (service/problems.py)
      SettingError           a flag or an environment variable has no usable value
      KeyFileError           a file of keys cannot be used, read or written
      ModelError             the sentence model is not installed, or is another one
      ExtraMissing           packages of an optional extra are not installed
      ToolCallError          an assistant's tool cannot do what it was asked

Each message says what happened, to what, and what to do. A message never holds what a visitor
typed. Command lines print it on one line and exit with 2.
"""


class HealthSearchError(Exception):
    """The base of the tree; its text is one line for people."""


class SourceError(HealthSearchError):
    """A source named by the operator cannot be read at all."""


class PageError(HealthSearchError):
    """One page cannot become an article; the job goes on without it."""


class PageSkipped(PageError):
    """The page is not meant to be an article: noindex, no article in it, empty, binary."""


class GateError(HealthSearchError):
    """What was built must not go live."""


class JobError(HealthSearchError):
    """A job of the book cannot be had as asked for."""


class JobUnknown(JobError):
    """There is no such job."""


class JobRunning(JobError):
    """Another job has not ended."""


class JobCanceled(HealthSearchError):
    """Someone asked the job to stop."""


class JobBroken(HealthSearchError):
    """A process of the job ended unexpectedly."""


class LexiconError(HealthSearchError):
    """A data file of the lexicon is malformed."""


class EditorialError(HealthSearchError):
    """A file of notices, or of pinned and hidden results, is malformed."""


class IndexFolderError(HealthSearchError):
    """Something is wrong with an index folder."""


class IndexMissing(IndexFolderError):
    """There is no index here, or no live generation in it."""


class IndexForeign(IndexFolderError):
    """The index was written by another schema version."""


class IndexDamaged(IndexFolderError):
    """Files of the index are missing, truncated or altered."""


class IndexLocked(IndexFolderError):
    """Another writer holds the index folder."""


class IndexUnwritable(IndexFolderError):
    """The index folder cannot be written."""


class GenerationUnknown(IndexFolderError):
    """There is no such generation."""


class Overloaded(HealthSearchError):
    """More is asked than can be answered in time."""


class CursorInvalid(HealthSearchError):
    """A cursor is none that was given, or one of another search."""


class CursorExpired(HealthSearchError):
    """A cursor is one of another state of the index."""


class EvaluationError(HealthSearchError):
    """A queries or judgements file cannot be used."""


class AnalyticsError(HealthSearchError):
    """The file of counted searches cannot be read or written."""


class SettingError(HealthSearchError):
    """A flag or an environment variable has no usable value."""


class KeyFileError(HealthSearchError):
    """A file of keys cannot be used, read or written."""


class ModelError(HealthSearchError):
    """The sentence model is not installed, or is not the one that was measured."""


class ExtraMissing(HealthSearchError):
    """Packages of an optional extra are not installed."""


class ToolCallError(HealthSearchError):
    """An assistant's tool cannot do what it was asked; the text tells the assistant why."""
