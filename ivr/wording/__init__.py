"""From prompts to words: the files of a language, how values are spoken, reviews, and which language is open."""
