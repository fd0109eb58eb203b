"""`staff`: accounts and shifts from the command line.

Lives here: the words around the roster. Not here: its rules (workers/roster).
"""

import click

from bot.commands.plainly import Group
from bot.kit import kit
from workers.roster import ROLES, RosterError

LANGUAGES = ("en", "es", "ht", "pt", "kea", "vi", "zh", "fr")
group = Group("staff", help="Accounts and shifts.")


@group.command()
@click.argument("login")
@click.option("--phone", required=True, help="Where they are told and rung, such as +16175550150.")
@click.option("--role", type=click.Choice(ROLES), default="responder", show_default=True)
@click.option(
    "--language", "languages", multiple=True, type=click.Choice(LANGUAGES), help="One they speak; may be repeated."
)
def add(login: str, phone: str, role: str, languages: tuple[str, ...]) -> None:
    """Create an account and print its first password, once."""
    settings = kit().settings
    if phone in (settings.voice_number, *settings.sms_numbers):
        raise RosterError("That is the hotline's own number: give the phone on which this person is reached.")
    password = kit().roster.add(login, phone, role, tuple(dict.fromkeys(languages)))
    click.echo(f"Created {login} ({role}). First password, shown this once: {password}")


@group.command()
@click.argument("login")
def on(login: str) -> None:
    """Begin a shift now."""
    kit().roster.shift(login, True)
    click.echo(f"{login} is on shift.")


@group.command()
@click.argument("login")
def off(login: str) -> None:
    """End a shift now."""
    kit().roster.shift(login, False)
    click.echo(f"{login} is off shift.")
    if not any(person.on_shift for person in kit().roster.all()):
        click.echo("Nobody is on shift now: the hotline makes no promises until somebody is.", err=True)


@group.command("list")
def list_() -> None:
    """Every account, without phones."""
    people = kit().roster.all()
    if not people:
        click.echo("There are no accounts yet: flask --app bot staff add LOGIN --phone E164")
    for person in people:
        marks = ["disabled" if person.disabled else "on shift" if person.on_shift else "off shift"]
        marks += [f"speaks {', '.join(person.languages)}"] if person.languages else []
        marks += ["no phone that can be read"] if not person.phone else []
        marks += [f"is rung, texts don't arrive ({person.no_texts})"] if person.no_texts else []
        click.echo(f"{person.login:<20} {person.role:<11} {'; '.join(marks)}")


@group.command("reset-password")
@click.argument("login")
def reset_password(login: str) -> None:
    """Print a new first password, once; older logins of the account are dead."""
    click.echo(f"New first password for {login}, shown this once: {kit().roster.reset_password(login)}")


@group.command()
@click.argument("login")
def disable(login: str) -> None:
    """Shut an account: logged out at once, off shift, and what it holds goes back."""
    kit().roster.disable(login)
    click.echo(f"{login} is disabled.")


@group.command()
@click.argument("login")
def enable(login: str) -> None:
    """Open an account again. The password stays as it was."""
    kit().roster.disable(login, False)
    click.echo(f"{login} may log in again.")
