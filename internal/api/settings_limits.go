package api

import (
	"context"

	"github.com/orgate/orgate/internal/setting"
)

// MessageLimitFields are the limits of messages that somebody can cause at will.
type MessageLimitFields struct {
	RecipientShort   int `json:"recipient_10_minutes,omitempty" doc:"To one address or number within ten minutes; 0 is the default, -1 no limit."`
	RecipientDay     int `json:"recipient_day,omitempty" doc:"To one address or number within a day."`
	OrganizationHour int `json:"organization_hour,omitempty" doc:"Invitations, offers and samples of one organisation within an hour."`
	OrganizationDay  int `json:"organization_day,omitempty" doc:"Likewise within a day."`
	SMSHour          int `json:"sms_hour,omitempty" doc:"Short messages of the whole installation within an hour."`
	SMSDay           int `json:"sms_day,omitempty" doc:"Likewise within a day."`
}

// MessageLimits are the limits that were set, and those that hold.
type MessageLimits struct {
	MessageLimitFields
	InForce MessageLimitFields `json:"in_force" doc:"With the defaults in the places of what is not set."`
	Version int64              `json:"version" doc:"0 while nothing was set."`
}

func limitFields(l setting.MessageLimits) MessageLimitFields {
	return MessageLimitFields{l.TargetShort, l.TargetDay, l.OrganizationHour, l.OrganizationDay, l.SMSHour, l.SMSDay}
}

func limitsShown(l setting.MessageLimits) MessageLimits {
	return MessageLimits{limitFields(l), limitFields(l.Effective()), l.Version}
}

func getMessageLimits(ctx context.Context, c *call, in *settingsInput) (*single[MessageLimits], error) {
	l, err := c.s.o.Settings.MessageLimits(ctx, c.actor)
	if err != nil {
		return nil, err
	}
	return shown(in.Known, l.Version, limitsShown(l))
}

type setMessageLimitsInput struct {
	Unchanged
	Body MessageLimitFields
}

func setMessageLimits(ctx context.Context, c *call, in *setMessageLimitsInput) (*single[MessageLimits], error) {
	before, err := c.s.o.Settings.MessageLimits(ctx, c.actor)
	if err != nil {
		return nil, err
	}
	if _, err := in.version(before.Version); err != nil {
		return nil, err
	}
	b := in.Body
	if err := c.s.o.Settings.SetMessageLimits(ctx, c.actor, setting.MessageLimits{
		TargetShort: b.RecipientShort, TargetDay: b.RecipientDay, OrganizationHour: b.OrganizationHour, OrganizationDay: b.OrganizationDay,
		SMSHour: b.SMSHour, SMSDay: b.SMSDay, Version: before.Version,
	}); err != nil {
		return nil, err
	}
	return getMessageLimits(ctx, c, &settingsInput{})
}
