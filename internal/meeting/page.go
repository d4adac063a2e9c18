package meeting

// page is an answer with part of a list (Meeting API, 1.5).
type page[T any] struct {
	Offset int `json:"offset"`
	Limit  int `json:"limit"`
	Count  int `json:"count"`
	Data   []T `json:"data"`
}

// The limits of a page (Meeting API, 1.5).
const (
	defaultLimit = 10
	maxLimit     = 500
	maxOffset    = 1<<31 - 1
)

// window is the part of a list that a call asks for.
type window struct{ offset, limit int }

// window reads offset and limit.
func (q *query) window() window {
	return window{
		offset: q.integer(numberField{"offset", 0, maxOffset, 0}),
		limit:  q.integer(numberField{"limit", 1, maxLimit, defaultLimit}),
	}
}

// pageOf answers with the part of a list of count items that a window shows.
// The items are those of the last page where the offset is beyond the end.
func pageOf[From, To any](w window, count int, items []From, show func(From) To) page[To] {
	answer := page[To]{Offset: lastPage(w.offset, w.limit, count), Limit: w.limit, Count: count, Data: make([]To, 0, len(items))}
	for _, item := range items {
		answer.Data = append(answer.Data, show(item))
	}
	return answer
}

// lastPage is the offset as applied: one beyond the end shows the last page.
func lastPage(offset, limit, count int) int {
	if offset < count {
		return offset
	}
	return max(count-1, 0) / limit * limit
}
