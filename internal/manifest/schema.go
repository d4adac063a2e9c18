package manifest

import (
	"bytes"
	"encoding/json"
	"reflect"
)

// schema is a JSON Schema (draft 2020-12), as far as it is used here.
type schema struct {
	Draft                string      `json:"$schema,omitempty"`
	ID                   string      `json:"$id,omitempty"`
	Title                string      `json:"title,omitempty"`
	Description          string      `json:"description,omitempty"`
	Type                 string      `json:"type,omitempty"`
	Enum                 []string    `json:"enum,omitempty"`
	Minimum              *int        `json:"minimum,omitempty"`
	Maximum              *int        `json:"maximum,omitempty"`
	Pattern              string      `json:"pattern,omitempty"`
	MinLength            *int        `json:"minLength,omitempty"`
	Items                *schema     `json:"items,omitempty"`
	Properties           *properties `json:"properties,omitempty"`
	Required             []string    `json:"required,omitempty"`
	AdditionalProperties any         `json:"additionalProperties,omitempty"` // false, or the schema of the values
	OneOf                []*schema   `json:"oneOf,omitempty"`
}

// properties are the keys of a block in the order of the table.
type properties struct {
	keys    []string
	schemas []*schema
}

// MarshalJSON keeps the order, which a map would lose.
func (p *properties) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, key := range p.keys {
		if i > 0 {
			b.WriteByte(',')
		}
		name, err := json.Marshal(key)
		if err != nil {
			return nil, err
		}
		value, err := json.Marshal(p.schemas[i])
		if err != nil {
			return nil, err
		}
		b.Write(name)
		b.WriteByte(':')
		b.Write(value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// Schema returns the JSON Schema of a manifest (draft 2020-12), indented.
func Schema() ([]byte, error) {
	s := schemaOf(reflect.TypeFor[Document]())
	s.Draft = "https://json-schema.org/draft/2020-12/schema"
	s.ID = "https://github.com/orgate/orgate/blob/main/docs/manifest.schema.json"
	s.Title = "Orgate manifest"
	raw, err := json.MarshalIndent(s, "", "  ")
	return append(raw, '\n'), err
}

func schemaOf(t reflect.Type) *schema {
	s := &schema{Type: "object", Properties: &properties{}, AdditionalProperties: false}
	for _, row := range fieldsOf(t) {
		value := valueSchema(row)
		value.Description = row.doc
		s.Properties.keys = append(s.Properties.keys, row.key)
		s.Properties.schemas = append(s.Properties.schemas, value)
		if row.need {
			s.Required = append(s.Required, row.key)
		}
	}
	return s
}

func valueSchema(row field) *schema {
	one := 1
	switch shapeOf(row.typ) {
	case numberShape:
		return &schema{Type: "integer", Minimum: &row.low, Maximum: &row.high}
	case boolShape:
		return &schema{Type: "boolean"}
	case durationShape:
		return &schema{Type: "string", Pattern: `^([0-9]+(\.[0-9]+)?(h|m|s|ms))+$`}
	case pictureShape:
		return &schema{Type: "string", Pattern: `^$|^file:.|^base64:[A-Za-z0-9+/]+=*$`}
	case secretShape:
		return &schema{Type: "string", MinLength: &one}
	case blockShape:
		inner := schemaOf(base(row.typ))
		if row.preset {
			return &schema{OneOf: []*schema{{Type: "string", Enum: presetNames()}, inner}}
		}
		return inner
	case blocksShape:
		return &schema{Type: "array", Items: schemaOf(row.typ.Elem())}
	case numbersShape:
		return &schema{Type: "array", Items: &schema{Type: "integer", Minimum: &row.low, Maximum: &row.high}}
	case textsShape:
		return &schema{Type: "array", Items: &schema{Type: "string"}}
	case dictionaryShape:
		return &schema{Type: "object", AdditionalProperties: &schema{Type: "string"}}
	default:
		return &schema{Type: "string", Enum: row.choices}
	}
}
