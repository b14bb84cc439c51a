"""`xiaoxin admin …`: what is done on the machine itself: accounts, audit, keys, one person's data, retention."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from channels import cli_admin_audit, cli_admin_cases
from channels.access_failures import Attempts, utc_now
from channels.audit import operator
from channels.cli_output import BadInput, print_json
from channels.keeping import open_engine
from channels.settings import Settings
from channels.sign_in import LOGIN_TRIES
from channels.staff import ROLES, AccountRefused, Accounts
from channels.staff_links import first_start_link, link_of, make_reset
from channels.staff_writing import change_account, changed_columns, insert_row, new_row, told
from preapproval.ledger import Ledger


def add_commands(commands: Any) -> None:
    admin = commands.add_parser("admin", help="staff accounts, audit, keys, retention, one person's data")
    parts = admin.add_subparsers(required=True, metavar="PART")
    _add_staff(parts.add_parser("staff", help="who may sign in").add_subparsers(required=True, metavar="ACTION"))
    cli_admin_audit.add_commands(parts)
    cli_admin_cases.add_commands(parts)


def _add_staff(staff: Any) -> None:
    listed = staff.add_parser("list", help="everybody, with roles")
    listed.add_argument("--json", action="store_true")
    listed.set_defaults(run=run_list)
    add = staff.add_parser("add", help="a new account; prints the link by which its person sets a password")
    add.add_argument("login")
    add.add_argument("--name", required=True)
    add.add_argument("--organisation", required=True)
    add.add_argument("--roles", required=True, help=f"with commas: {', '.join(sorted(ROLES))}")
    add.add_argument(
        "--ask-password", action="store_true", help="ask for it, or read a line of stdin, and give no link"
    )
    add.set_defaults(run=run_add)
    actions: dict[str, tuple[str, Callable[..., int]]] = {
        "disable": ("sign somebody out everywhere, and let nobody in by this login", run_disable),
        "enable": ("let somebody in again", run_enable),
        "unlock": ("forget failed sign-ins", run_unlock),
        "reset-link": ("end the password, and print a link for a new one", run_reset),
    }
    for name, (help_, run) in actions.items():
        action = staff.add_parser(name, help=help_)
        action.add_argument("login")
        action.set_defaults(run=run)
    first = staff.add_parser("first-link", help="the link for the first account, as at the first start")
    first.set_defaults(run=run_first)


@contextmanager
def database(settings: Settings) -> Iterator[sa.Engine]:
    """What is refused is a sentence for the terminal."""
    try:
        with open_engine(settings) as engine:
            yield engine
    except AccountRefused as refused:
        raise BadInput(str(refused)) from refused


def run_list(arguments: argparse.Namespace, settings: Settings) -> int:
    with database(settings) as engine:
        members = Accounts(engine).everybody()
    if arguments.json:
        shown = ("id", "login", "name", "organisation", "disabled", "has_password")
        print_json([{name: getattr(one, name) for name in shown} | {"roles": sorted(one.roles)} for one in members])
        return 0
    for one in members:
        state = "disabled" if one.disabled else "active" if one.has_password else "invited"
        print(one.login, state, ",".join(sorted(one.roles)), one.organisation, one.name, sep="\t")
    return 0


def run_add(arguments: argparse.Namespace, settings: Settings) -> int:
    password = _asked_password() if arguments.ask_password else None
    roles = [role.strip() for role in arguments.roles.split(",") if role.strip()]
    with database(settings) as engine:
        row = new_row(arguments.login, arguments.name, arguments.organisation, roles, password, utc_now())
        with Ledger(engine).entry(operator(), "staff.added", staff=row["id"], roles=row["roles"]) as write:
            insert_row(write.connection, row)
            added = None if password else make_reset(write.connection, row["id"], write.at)
    print(link_of(settings, added) if added else f"{row['login']} may sign in")
    return 0


def run_disable(arguments: argparse.Namespace, settings: Settings) -> int:
    return _change(arguments.login, settings, disabled=True)


def run_enable(arguments: argparse.Namespace, settings: Settings) -> int:
    return _change(arguments.login, settings, disabled=False)


def run_unlock(arguments: argparse.Namespace, settings: Settings) -> int:
    with database(settings) as engine:
        member = Accounts(engine).by_login(arguments.login)
        Ledger(engine).record(operator(), "staff.unlocked", staff=member.id)
        Attempts(engine, "login", LOGIN_TRIES).forgive(member.login)
    print(f"{member.login} is unlocked")
    return 0


def run_reset(arguments: argparse.Namespace, settings: Settings) -> int:
    with database(settings) as engine:
        member = Accounts(engine).by_login(arguments.login)
        with Ledger(engine).entry(operator(), "staff.reset", staff=member.id) as write:
            token = make_reset(write.connection, member.id, write.at)
    print(link_of(settings, token))
    return 0


def run_first(_arguments: argparse.Namespace, settings: Settings) -> int:
    with database(settings) as engine:
        link = first_start_link(settings, engine)
    print(link or "there are accounts already: use `xiaoxin admin staff add`")
    return 0 if link else 1


def _change(login: str, settings: Settings, **given: Any) -> int:
    with database(settings) as engine:
        member, columns = Accounts(engine).by_login(login), changed_columns(**given)
        with Ledger(engine).entry(operator(), "staff.changed", **told(member, columns)) as write:
            change_account(write.connection, member, columns)
    print(f"{member.login} is {'disabled' if given['disabled'] else 'enabled'}")
    return 0


def _asked_password() -> str:
    """Never from the command line, where other accounts of the machine can read it."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    password = getpass.getpass("password: ")
    if getpass.getpass("again: ") != password:
        raise BadInput("the two passwords differ")
    return password
