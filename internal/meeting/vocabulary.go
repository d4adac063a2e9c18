package meeting

// vocabulary is words of this wire with what each means, in the order in which
// they are told to whoever sent another one.
type vocabulary[T comparable] []entry[T]

type entry[T comparable] struct {
	word  string
	means T
}

// words are all of them.
func (v vocabulary[T]) words() (words []string) {
	for _, e := range v {
		words = append(words, e.word)
	}
	return words
}

// meaning is what a word means; the zero value for one that is not here.
func (v vocabulary[T]) meaning(word string) (none T) {
	for _, e := range v {
		if e.word == word {
			return e.means
		}
	}
	return none
}

// word is the first one that means this, "" when there is none.
func (v vocabulary[T]) word(means T) string {
	for _, e := range v {
		if e.means == means {
			return e.word
		}
	}
	return ""
}
