from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='leaving_at',
            field=models.DateTimeField(blank=True, editable=False, help_text='The last step of removing this account and all its data; empty while it stays.', null=True),
        ),
    ]
