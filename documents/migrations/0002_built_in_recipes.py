from django.db import migrations

BUILT_IN = [
    {
        "slug": "summary",
        "name": "Summary",
        "description": "What it says, in a few sentences.",
        "task": "summary",
        "instruction": "Summarise the document in three to six sentences: what it is, what it says, and what follows.",
        "max_tokens": 2048,
    },
    {
        "slug": "key-points",
        "name": "Key points",
        "description": "The statements that matter most, one by one.",
        "task": "key_points",
        "instruction": "List the five to eight points that matter most, the most important first.",
        "max_tokens": 2048,
    },
    {
        "slug": "entities",
        "name": "Dates, amounts and names",
        "description": "Dates, amounts of money, addresses, people and organisations, where they stand.",
        "task": "entities",
        "instruction": "List the dates, amounts of money, percentages, people, organisations, places, e-mail addresses, "
        "telephone numbers and web addresses.",
        "max_tokens": 4096,
    },
    {
        "slug": "classification",
        "name": "Classification",
        "description": "The label that fits best.",
        "task": "classify",
        "instruction": "Choose the label that fits the document best.",
        "max_tokens": 1024,
    },
    {
        "slug": "questions",
        "name": "Questions to ask",
        "description": "What a careful reader should ask about it.",
        "task": "questions",
        "instruction": "Write the five to eight questions that a careful reader should ask about this document.",
        "max_tokens": 2048,
    },
]


def add(apps, schema_editor):
    Recipe = apps.get_model("documents", "Recipe")
    for position, recipe in enumerate(BUILT_IN):
        Recipe.objects.update_or_create(owner=None, slug=recipe["slug"], defaults={**recipe, "position": position})


def remove(apps, schema_editor):
    apps.get_model("documents", "Recipe").objects.filter(owner=None).delete()


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_initial")]

    operations = [migrations.RunPython(add, remove)]
