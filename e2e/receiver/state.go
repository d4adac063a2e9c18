package receiver

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"slices"
)

// State is what a receiver believes of an organisation.
type State struct {
	Tenant, Name, Client, Secret string
	Departments                  map[string]Department // by code
	People                       map[string]Person     // by account name
}

// Department is a node of the tree; Parent is "" at the top.
type Department struct{ Name, Parent string }

// Person is somebody who may enter, or might once.
type Person struct {
	Name, Department, Role string
	Enabled, Revoked       bool
}

func fresh() State { return State{Departments: map[string]Department{}, People: map[string]Person{}} }

func (s State) clone() State {
	s.Departments, s.People = maps.Clone(s.Departments), maps.Clone(s.People)
	return s
}

// Lines is the state as text, so that two of them can be compared by eye.
// People who are revoked are nobody's any more.
func (s State) Lines() (lines []string) {
	lines = append(lines, "organisation "+s.Tenant+" "+s.Name, "application "+s.Client+" "+s.Secret)
	for _, code := range slices.Sorted(maps.Keys(s.Departments)) {
		lines = append(lines, fmt.Sprintf("department %s %v", code, s.Departments[code]))
	}
	for _, account := range slices.Sorted(maps.Keys(s.People)) {
		if s.People[account].Revoked {
			continue
		}
		lines = append(lines, fmt.Sprintf("person %s %+v", account, s.People[account]))
	}
	return lines
}

// The flags (G.2).
const (
	remove = iota
	add
	modify
	revoke
)

// take does what a call says, or refuses it whole.
func (s *State) take(c call, private *rsa.PrivateKey) error {
	tenant, err := c.text("tenantId", 64)
	if err != nil {
		return err
	}
	if c.word != "tenantSync" && s.Tenant != tenant {
		return fmt.Errorf("nobody has told of the organisation %q", tenant)
	}
	most := map[string]int{"tenantSync": modify, "applicationSync": modify, "allOrgSync": remove, "singleOrgSync": modify, "authSync": revoke}
	if c.first {
		most["tenantSync"], most["applicationSync"], most["authSync"] = add, add, modify
	}
	highest, known := most[c.word]
	if !known || c.flag < remove || c.flag > highest {
		return fmt.Errorf("%s with flag %d", c.word, c.flag)
	}
	switch c.word {
	case "tenantSync":
		return s.organisation(c, tenant)
	case "applicationSync":
		return s.application(c, private)
	case "allOrgSync":
		return s.departments(c)
	case "singleOrgSync":
		return s.department(c)
	}
	return s.people(c)
}

func (s *State) organisation(c call, tenant string) error {
	for name, most := range map[string]int{"orderId": 64, "tenantCode": 64, "domainName": 255} {
		if _, err := c.text(name, most); err != nil {
			return err
		}
	}
	name, err := c.text("name", 255)
	if err != nil {
		return err
	}
	if c.flag == remove {
		*s = fresh()
		return nil
	}
	s.Tenant, s.Name = tenant, name
	return nil
}

func (s *State) application(c call, private *rsa.PrivateKey) error {
	if _, err := c.text("appId", 64); err != nil {
		return err
	}
	client, err := c.text("clientId", 64)
	if err != nil {
		return err
	}
	if c.flag == remove {
		s.Client, s.Secret = "", ""
		return nil
	}
	sealed, err := c.text("clientSecret", 4096)
	if err != nil {
		return err
	}
	raw, err := base64.StdEncoding.DecodeString(sealed)
	if err != nil {
		return err
	}
	secret, err := rsa.DecryptOAEP(sha256.New(), rand.Reader, private, raw, nil)
	s.Client, s.Secret = client, string(secret)
	return err
}

func (s *State) departments(c call) error {
	name := "orgInfoList"
	var all []struct {
		OrgCode    string `json:"orgCode"`
		OrgName    string `json:"orgName"`
		Name       string `json:"name"`
		ParentCode string `json:"parentCode"`
	}
	if c.first {
		name = "orgInfo"
	}
	if err := c.list(name, &all); err != nil {
		return err
	}
	s.Departments = map[string]Department{}
	for _, d := range all {
		if c.first != (d.OrgName == "") {
			return errors.New("the name of a department is called otherwise")
		}
		s.Departments[d.OrgCode] = Department{d.OrgName + d.Name, d.ParentCode}
	}
	for code := range s.Departments {
		if err := s.sound(code); err != nil {
			return err
		}
	}
	return nil
}

// sound refuses a department whose parent is not there, or whose name another
// one below the same has (G.2).
func (s *State) sound(code string) error {
	d := s.Departments[code]
	if _, there := s.Departments[d.Parent]; d.Parent != "" && !there {
		return fmt.Errorf("the department %s is below %s, which is not there", code, d.Parent)
	}
	if len(code) == 0 || len(code) > 64 || len([]rune(d.Name)) == 0 || len([]rune(d.Name)) > 128 {
		return fmt.Errorf("the department %q has the name %q", code, d.Name)
	}
	for other, one := range s.Departments {
		if other != code && one == d {
			return fmt.Errorf("the departments %s and %s have one name", code, other)
		}
	}
	return nil
}

func (s *State) department(c call) error {
	code, err := c.text("orgCode", 64)
	if err != nil {
		return err
	}
	if c.flag != remove {
		name, err := c.text("orgName", 128)
		parent, _ := c.text("parentCode", 64) // "" at the top
		if err != nil {
			return err
		}
		if _, there := s.Departments[code]; c.flag == modify && !there {
			return fmt.Errorf("the department %s that has changed is not there", code)
		}
		s.Departments[code] = Department{name, parent}
		return s.sound(code)
	}
	for other, one := range s.Departments {
		if one.Parent == code {
			return fmt.Errorf("the department %s goes, and %s is below it", code, other)
		}
	}
	for account, one := range s.People {
		if one.Department == code && !one.Revoked {
			return fmt.Errorf("the department %s goes, and %s is in it", code, account)
		}
	}
	delete(s.Departments, code)
	return nil
}

// user is somebody as a call names them.
type user struct {
	UserName     string `json:"userName"`
	Name         string `json:"name"`
	OrgCode      string `json:"orgCode"`
	Role         string `json:"role"`
	Enable       string `json:"enable"`
	Position     string `json:"position"`
	EmployeeCode string `json:"employeeCode"`
	EmployeeType int    `json:"employeeType"`
	Mobile       string `json:"mobile"`
	Email        string `json:"email"`
	WorkPlace    string `json:"workPlace"`
	EntryDate    string `json:"entryDate"`
	Extension    *struct {
		EntryDate    string `json:"entryDate"`
		EmployeeType int    `json:"employeeType"`
		WorkPlace    string `json:"workPlace"`
	} `json:"extension"`
}

// maxUsers is how many people a call names at most (G.2).
const maxUsers = 500

func (s *State) people(c call) error {
	var all []user
	if _, err := c.text("currentSyncTime", 17); err != nil {
		return err
	}
	if err := c.list("userList", &all); err != nil {
		return err
	}
	if len(all) == 0 || len(all) > maxUsers {
		return fmt.Errorf("%d people", len(all))
	}
	for _, u := range all {
		if err := s.person(u, c.flag); err != nil {
			return err
		}
	}
	return nil
}

func (s *State) person(u user, flag int) error {
	before, known := s.People[u.UserName]
	_, placed := s.Departments[u.OrgCode]
	switch {
	case u.UserName == "" || u.Name == "" || u.Role != "user" && u.Role != "admin" || u.Enable != "true" && u.Enable != "false":
		return fmt.Errorf("a person is %+v", u)
	case flag == remove:
		delete(s.People, u.UserName)
		return nil
	case flag == revoke:
		before.Revoked = known
		if known {
			s.People[u.UserName] = before
		}
		return nil
	case !placed:
		return fmt.Errorf("%s is in %s, which is not there", u.UserName, u.OrgCode)
	case flag == modify && !known:
		return fmt.Errorf("%s, who has changed, is not there", u.UserName)
	}
	s.People[u.UserName] = Person{u.Name, u.OrgCode, u.Role, u.Enable == "true", false}
	return nil
}
