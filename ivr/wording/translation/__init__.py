"""The workshop of translators and reviewers: catalogs brought up to date and checked, packs, reviews, new languages.

Nothing here runs in a call. Everything works on the files in `locales/`, which Poedit and Weblate open as they are.
"""
