"""The pages about documents."""

from django.urls import path

from documents.web import conversations, pictures, recipes, runs, views

app_name = "documents"
urlpatterns = [
    path("", views.home, name="home"),
    path("documents/", views.library, name="library"),
    path("documents/samples/", views.samples, name="samples"),
    path("documents/watch/", views.watch, name="watch"),
    path("documents/stages/", views.stages, name="stages"),
    path("search/", views.search, name="search"),
    path("usage/", views.usage_page, name="usage"),
    path("documents/<uuid:pk>/", views.document, name="document"),
    path("documents/<uuid:pk>/similar/", views.similar, name="similar"),
    path("documents/<uuid:pk>/analyse/", views.analyse, name="analyse"),
    path("documents/<uuid:pk>/read-again/", views.read_again, name="read_again"),
    path("documents/<uuid:pk>/rename/", views.rename, name="rename"),
    path("documents/<uuid:pk>/delete/", views.delete, name="delete"),
    path("documents/<uuid:pk>/file/", views.original, name="original"),
    path("documents/<uuid:pk>/pages/<int:page>.png", pictures.page_picture, name="page_picture"),
    path("documents/<uuid:pk>/ask/", conversations.ask_document, name="ask_document"),
    path("ask/", conversations.ask, name="ask"),
    path("conversations/<uuid:pk>/", conversations.conversation, name="conversation"),
    path("conversations/<uuid:pk>/rename/", conversations.rename_conversation, name="rename_conversation"),
    path("conversations/<uuid:pk>/delete/", conversations.delete_conversation, name="delete_conversation"),
    path("conversations/<uuid:pk>/export/<slug:form>/", conversations.export_conversation, name="export_conversation"),
    path("messages/<uuid:pk>/", conversations.message, name="message"),
    path("messages/<uuid:pk>/words/<int:ordinal>/", conversations.words_beside, name="words_beside"),
    path("messages/<uuid:pk>/stop/", conversations.stop_answer, name="stop_answer"),
    path("messages/<uuid:pk>/again/", conversations.answer_again, name="answer_again"),
    path("recipes/", recipes.recipes, name="recipes"),
    path("recipes/new/", recipes.new_recipe, name="new_recipe"),
    path("recipes/<slug:slug>/edit/", recipes.edit_recipe, name="edit_recipe"),
    path("recipes/<slug:slug>/delete/", recipes.delete_recipe, name="delete_recipe"),
    path("analyses/", runs.analyses, name="analyses"),
    path("analyses/new/", runs.new_run, name="new_run"),
    path("analyses/new/documents/", runs.pick, name="pick"),
    path("analyses/new/estimate/", runs.estimate, name="estimate"),
    path("runs/<uuid:pk>/", runs.run, name="run"),
    path("runs/<uuid:pk>/cancel/", runs.cancel_run, name="cancel_run"),
    path("runs/<uuid:pk>/retry/", runs.retry_run, name="retry_run"),
    path("runs/<uuid:pk>/export/<slug:form>/", runs.export_run, name="export_run"),
    path("analyses/<uuid:pk>/", views.analysis, name="analysis"),
    path("analyses/<uuid:pk>/export/<slug:form>/", views.export, name="export"),
    path("analyses/<uuid:pk>/cancel/", views.cancel, name="cancel"),
]
