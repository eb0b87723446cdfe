"""The golden pages: what the portal answers, recorded before a rewrite and compared after each of its steps.

The demonstration is loaded at one fixed moment (clock.py) into a database of its own (databases.py). Everything that can
be asked for is asked for as each of nine people (addresses.py, gets.py), scripts post what people do (scripts.py,
posts.py), and Chromium shows thirty pages (browser.py). What is kept of an answer is its status, headers, words, links,
fields and test ids, not its tags (words.py); and how many rows of what a script has changed (tables.py).

    python -m tests.golden check [--only REGEX] [--browser] [--ignore-spacing]
    python -m tests.golden record [--only REGEX] [--browser]

A commit that changes what pages say records them anew and names the differences.
"""
