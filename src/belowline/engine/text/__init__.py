"""Reading text: normalising with an offset map, sentences, words, language."""
