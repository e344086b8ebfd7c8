"""What the migrations build is what the code believes in."""
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from services.pledge.storage.tables import metadata
from tests.component.pledge.test_books import Shelf, shelf  # noqa: F401


def test_the_migrated_tables_are_those_of_the_code(shelf):  # noqa: F811
    if not isinstance(shelf, Shelf):
        return
    mine = set(metadata.tables)

    def of_pledge(thing, name, kind, reflected, compared_to):
        return (name if kind == "table" else thing.table.name) in mine

    with shelf.open() as books:
        context = MigrationContext.configure(books.pledges._sql, opts={"include_object": of_pledge, "compare_type": False})
        assert compare_metadata(context, metadata) == []
