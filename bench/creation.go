package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"time"
)

// importPath is where the management API takes files of members.
const importPath = "/api/v1/organizations/%s/imports"

// newcomer is somebody who is not in the database yet: what is measured adds
// people until its time is over, again and again.
func newcomer() (account, name, mail string) {
	number := rand.Int()
	account = fmt.Sprintf("n%016x", number)
	return account, nameOf(number), account + "@new.example"
}

// creation adds members to any organisation, one by one.
func creation(p *population, path string) source {
	return func(_ int, buf []byte) []byte {
		account, name, mail := newcomer()
		body := fmt.Sprintf(`{"account":%q,"name":%q,"email":%q}`, account, name, mail)
		path := fmt.Sprintf(path, p.tenants[rand.IntN(len(p.tenants))].code)
		return appendRequest(buf, http.MethodPost, path, "Authorization: Bearer "+p.key+"\r\n", body)
	}
}

const (
	// importRows is how many people a file brings: enough that its task runs
	// for a second or more.
	importRows = 5_000
	// importHalls is how many departments they are spread over.
	importHalls = 50
	// importPoll is how often is asked whether an import has ended. The answers
	// cost a hundredth of a row each.
	importPoll = 20 * time.Millisecond
)

// importFile is a file of people who are not in the database yet.
func importFile(rows int) string {
	var file strings.Builder
	file.WriteString("account,name,email,department\n")
	for i := range rows {
		account, name, mail := newcomer()
		fmt.Fprintf(&file, "%s,%s,%s,Hall %d\n", account, name, mail, i%importHalls)
	}
	return file.String()
}

// importTask is what the management API tells about an import.
type importTask struct {
	Status   string `json:"status"`
	Progress struct {
		Created int `json:"created"`
		Refused int `json:"refused"`
	} `json:"progress"`
}

// importer sends files to one server.
type importer struct {
	base, key string
	meter     meter
}

// measure imports a file of people and waits for its end. Its requests are the
// people: all figures are those of one.
func (i importer) measure(ctx context.Context, t tenant, rows int) (sample, error) {
	file := importFile(rows)
	before, err := i.meter.read()
	if err != nil {
		return sample{}, err
	}
	start := time.Now()
	task, where, err := i.call(ctx, http.MethodPost, i.base+fmt.Sprintf(importPath, t.code)+"?make_departments=true&file_name=people.csv", file)
	for err == nil && (task.Status == "waiting" || task.Status == "running") {
		if err = wait(ctx, importPoll); err == nil {
			task, _, err = i.call(ctx, http.MethodGet, where, "")
		}
	}
	if err != nil {
		return sample{}, err
	}
	s := sample{Requests: int64(task.Progress.Created), Elapsed: time.Since(start)}
	after, err := i.meter.read()
	if err != nil {
		return s, err
	}
	used := after.minus(before)
	s.Server, s.Database = used.server, used.database
	each := s.Elapsed / time.Duration(rows)
	s.P50, s.P95, s.P99 = each, each, each
	if refused := int64(rows) - s.Requests; refused > 0 {
		s.Errors = map[string]int64{"people were not imported: " + task.Status: refused}
	}
	return s, nil
}

// call asks the management API about an import, and returns where it can be
// read.
func (i importer) call(ctx context.Context, method, address, file string) (task importTask, where string, err error) {
	request, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(file))
	if err != nil {
		return task, "", err
	}
	request.Header.Set("Authorization", "Bearer "+i.key)
	if file != "" {
		request.Header.Set("Content-Type", "text/csv")
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return task, "", err
	}
	defer answer.Body.Close()
	if answer.StatusCode > 299 {
		text, err := io.ReadAll(io.LimitReader(answer.Body, 1<<10))
		return task, "", errors.Join(fmt.Errorf("%s %s: %s %s", method, address, answer.Status, text), err)
	}
	// The address is the one that the server knows itself by, which it is not
	// reached at here.
	_, path, _ := strings.Cut(answer.Header.Get("Location"), "/api/v1/")
	return task, i.base + "/api/v1/" + path, json.NewDecoder(answer.Body).Decode(&task)
}
