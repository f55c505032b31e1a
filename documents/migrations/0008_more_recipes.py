from django.db import migrations

ADDED = [
    {
        "slug": "dates",
        "name": "Dates and deadlines",
        "description": "What happens when, and by when something has to be done.",
        "task": "dates",
        "instruction": "List the dates and deadlines in the order of time, each with what happens or has to be done.",
        "max_tokens": 4096,
    },
    {
        "slug": "obligations",
        "name": "Obligations",
        "description": "Who has to do what, by when and on what condition.",
        "task": "obligations",
        "instruction": "List what each party has to do or must not do, by when and on what condition.",
        "max_tokens": 4096,
    },
    {
        "slug": "translation",
        "name": "Summary in another language",
        "description": "What it says, in a language you choose.",
        "task": "translation",
        "instruction": "Summarise the document in three to six sentences in the language asked for.",
        "max_tokens": 2048,
    },
]
ORDER = ["summary", "key-points", "entities", "dates", "obligations", "classification", "questions", "translation"]
BEFORE = ["summary", "key-points", "entities", "classification", "questions"]
CHANGED = {
    "entities": {"description": "Dates, amounts of money, addresses, people and organisations, everywhere they stand."}
}


def add(apps, schema_editor):
    Recipe = apps.get_model("documents", "Recipe")
    for recipe in ADDED:
        Recipe.objects.update_or_create(owner=None, slug=recipe["slug"], defaults=recipe)
    for slug, changes in CHANGED.items():
        Recipe.objects.filter(owner=None, slug=slug).update(**changes)
    arrange(Recipe, ORDER)
    settle(schema_editor)


def remove(apps, schema_editor):
    Recipe = apps.get_model("documents", "Recipe")
    Recipe.objects.filter(owner=None, slug__in=[recipe["slug"] for recipe in ADDED]).delete()
    arrange(Recipe, BEFORE)
    settle(schema_editor)


def arrange(Recipe, order):
    for position, slug in enumerate(order):
        Recipe.objects.filter(owner=None, slug=slug).update(position=position)


def settle(schema_editor):
    """A table with checks that are still due cannot be altered in the same transaction."""
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    schema_editor.execute("SET CONSTRAINTS ALL DEFERRED")


class Migration(migrations.Migration):
    dependencies = [("documents", "0007_runs")]

    operations = [migrations.RunPython(add, remove)]
