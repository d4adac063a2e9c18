package store

import (
	"strings"

	"github.com/orgate/orgate/internal/identity"
)

// Names returns the names of departments of an organisation by their codes. A
// code that nothing bears is left out.
func (t Departments) Names(org identity.OrganizationID, codes []string) (map[string]string, error) {
	names := make(map[string]string, len(codes))
	if len(codes) == 0 {
		return names, nil
	}
	n := within(`organization_id`, org)
	places := make([]string, len(codes))
	for i, code := range codes {
		places[i] = n.arg(identity.Fold(code))
	}
	n.also(`code_key IN (` + strings.Join(places, `, `) + `)`)
	err := t.c.each(`SELECT code, name FROM departments WHERE `+strings.Join(n.conditions, ` AND `), n.args, func(scan func(...any) error) error {
		var code, name string
		err := scan(&code, &name)
		names[code] = name
		return err
	})
	return names, err
}
