import argparse
from pathlib import Path

import pytest

from indexer.errors import SettingError
from service.settings import TABLE, Settings, add_flags, load, markdown_table, written
from service.worker import command


def test_defaults_need_no_environment() -> None:
    assert load({}) == Settings()


def test_notices_can_be_turned_off() -> None:
    assert load({}).has_notices
    assert load({}, {"notices": "notices.toml"}).has_notices
    assert not load({}, {"notices": "off"}).has_notices


def test_a_flag_wins_over_its_variable_which_wins_over_the_default() -> None:
    environ = {"HEALTH_SEARCH_PORT": "9000", "HEALTH_SEARCH_INDEX": "/srv/index"}
    settings = load(environ, {"port": "9001", "index": None})
    assert (settings.port, settings.index, settings.host) == (9001, Path("/srv/index"), "127.0.0.1")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("port", "http"),
        ("port", "65536"),
        ("port", "-1"),
        ("port", "²"),
        ("port", ""),
        ("workers", "0"),
        ("poll_seconds", "nan"),
        ("poll_seconds", "0"),
        ("log_level", "loud"),
        ("semantic", "maybe"),
        ("host", " "),
        ("site_name", "two\nlines"),
    ],
)
def test_a_bad_value_names_where_it_came_from(name: str, value: str) -> None:
    with pytest.raises(SettingError, match=f"HEALTH_SEARCH_{name.upper()}: expected"):
        load({f"HEALTH_SEARCH_{name.upper()}": value})
    with pytest.raises(SettingError, match=f"^--{name.replace('_', '-')}: expected"):
        load({}, {name: value})


def test_settings_pass_through_the_environment() -> None:
    settings = load({}, {"index": "some where", "port": "0", "poll_seconds": "0.25"})
    assert load(settings.environment()) == settings


def test_every_default_is_a_value_that_its_parser_takes() -> None:
    for setting in TABLE:
        assert setting.parse(written(setting.default)) == setting.default


def test_help_and_table_name_every_setting() -> None:
    parser = argparse.ArgumentParser()
    add_flags(parser)
    text = " ".join(parser.format_help().split())
    for setting in TABLE:
        assert setting.flag in text
        assert f"[{setting.variable}, default {setting.default_shown}]" in text
        row = f"| `{setting.flag}` | `{setting.variable}` | `{setting.default_shown}` |"
        assert row in markdown_table()


def test_flags_of_jobs_are_read_as_a_shell_reads_them() -> None:
    settings = load({}, {"job_flags": "--rate 2 --contact 'https://clinic.example/a b'"})
    assert command(settings)[-4:] == ["--rate", "2", "--contact", "https://clinic.example/a b"]
    again = load(settings.environment())
    assert again == settings
    with pytest.raises(SettingError, match="as on a command line"):
        load({}, {"job_flags": "--contact 'never closed"})


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], False),
        (["--semantic"], True),
        (["--semantic", "off"], False),
        (["--semantic=on"], True),
    ],
)
def test_the_flag_of_a_switch_may_stand_alone(arguments: list[str], expected: bool) -> None:
    parser = argparse.ArgumentParser()
    add_flags(parser)
    settings = load({"HEALTH_SEARCH_SEMANTIC": "off"}, vars(parser.parse_args(arguments)))
    assert settings.semantic is expected
    assert load(settings.environment()) == settings


def test_a_service_that_ranks_by_meaning_has_its_jobs_make_vectors() -> None:
    for semantic in ("on", "off"):
        settings = load({}, {"semantic": semantic, "job_flags": "--rate 2"})
        flags = command(settings)[command(settings).index("--") + 1 :]
        assert flags == [*(["--semantic"] if semantic == "on" else []), "--rate", "2"]
