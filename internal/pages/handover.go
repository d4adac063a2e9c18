package pages

// HandOver posts what an application is to be told about whoever signed in, from
// the browser, where the application wishes to be told by a form. With script the
// page goes on by itself. Nothing of our own stands in the form.
type HandOver struct {
	Application string // its name
	Action      string // the application's address; FormAction of the page has to name it
	Fields      []HandedField
}

// HandedField is one hidden field.
type HandedField struct{ Name, Value string }

func (HandOver) name() string { return "hand_over" }
