"""`belowline compat`: whether a server speaks the Perspective API as its clients know it."""

import click


@click.group()
def compat() -> None:
    """Check servers that take the place of the Perspective API."""


@compat.command()
@click.argument("url")
@click.option("--key", default="", envvar="BELOWLINE_KEY", help="The API key to call with; or set BELOWLINE_KEY.")
@click.option("--json", "as_json", is_flag=True, help="Write one JSON object instead of lines.")
@click.option("--quota", is_flag=True, help="Also use the key's quota of this minute up, to see the answer then.")
def check(url: str, key: str, as_json: bool, quota: bool) -> None:  # noqa: FBT001 - a command's flags
    """Run the contract against the server at URL: its root, or the address that ends in /v1alpha1.

    Exit status 0: all as in the contract; 1: something differs; 2: no answer, or the key is refused.
    """
    from belowline.compat.check import report
    from belowline.compat.check.runner import Result, Server, UnreachableError, run_cases

    server = Server(url, key)
    results: list[Result] = []
    try:
        for result in run_cases(server, has_key=bool(key), with_quota=quota):
            results.append(result)
            if not as_json:
                click.echo(report.describe(result))
    except UnreachableError as error:
        click.echo(f"Error: {error}", err=True)
        raise SystemExit(2) from error
    click.echo(report.as_json(server.address, results) if as_json else report.summarise(results))
    raise SystemExit(0 if report.is_same(results) else 1)
