package directory

import (
	"context"
	"strings"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// NewOperator is what an administrator of the provider is made from.
type NewOperator struct {
	Account  string
	Name     string // "" is the account name
	Password string // required
	Email    string
	Mobile   string
	Country  string // DefaultCountry
	Language string
	// Default makes this the administrator that a provider's App ID signs in
	// as (Meeting API, 4.2, rule 2). The first one made always is.
	Default bool
	// MustChange says whether the password counts as chosen by somebody else;
	// nil is true. At the set-up it is the person's own.
	MustChange *bool
}

// String keeps the password out of logs.
func (NewOperator) String() string { return "[redacted]" }

// GoString keeps the password out of %#v.
func (NewOperator) GoString() string { return "[redacted]" }

// AddProviderAdministrator makes an administrator of the provider, who is a
// member of no organisation. The first one closes the set-up for ever.
func (d *Directory) AddProviderAdministrator(ctx context.Context, actor identity.Actor, n NewOperator) (a identity.Account, err error) {
	if err := access.Allow(actor, access.ManageProvider, ""); err != nil {
		return a, err
	}
	credential, err := d.operatorCredential(ctx, n)
	if err != nil {
		return a, err
	}
	credential.ChosenByOther = n.MustChange == nil || *n.MustChange
	err = d.db.Update(ctx, func(tx *store.Tx) error {
		if a, err = createOperator(tx, n, credential); err != nil {
			return err
		}
		if err := closeSetup(tx); err != nil {
			return err
		}
		return audit.Record(tx, actor, audit.ProviderAdministratorAdded, audit.About{Target: string(a.ID)})
	})
	return a, err
}

// operatorCredential checks and hashes the password of an administrator to be.
func (d *Directory) operatorCredential(ctx context.Context, n NewOperator) (c identity.Credential, err error) {
	if n.Password == "" {
		return c, fault.New(fault.Invalid, fault.CodeFieldMissing).At("password").With("field", "password")
	}
	return d.newCredential(ctx, n.Password, identity.DefaultPasswordRules(), identity.PasswordContext{Account: n.Account})
}

// createOperator stores an administrator of the provider.
func createOperator(tx *store.Tx, n NewOperator, credential identity.Credential) (identity.Account, error) {
	now := tx.Now()
	a := identity.Account{
		ID: identity.NewAccountID(now), Kind: identity.Operator, Name: n.Account,
		DisplayName: strings.TrimSpace(n.Name), Language: n.Language, Status: identity.AccountActive,
		Version: 1, CreatedAt: now, UpdatedAt: now,
	}
	if a.DisplayName == "" {
		a.DisplayName = a.Name
	}
	if err := setContacts(&a, contacts{n.Email, n.Mobile, n.Country}); err != nil {
		return a, err
	}
	if err := identity.ValidAccount(a.Name); err != nil {
		return a, err
	}
	if err := checkTexts([]textRule{{"name", a.DisplayName, 64}, {"country", a.Country, 255}, {"language", a.Language, 35}}); err != nil {
		return a, err
	}
	others, err := tx.Providers.All()
	if err != nil {
		return a, err
	}
	if err := checkNames(tx, a.ID, a.LoginNames(false)); err != nil {
		return a, err
	}
	if err := tx.Accounts.Insert(a, a.LoginNames(false)); err != nil {
		return a, err
	}
	credential.AccountID, credential.ChangedAt = a.ID, now
	if err := tx.Credentials.Put(credential); err != nil {
		return a, err
	}
	return a, tx.Providers.Put(a.ID, n.Default || len(others) == 0)
}

// ProviderAdministrators returns the accounts of the provider's
// administrators, the default one first.
func (d *Directory) ProviderAdministrators(ctx context.Context, actor identity.Actor) (all []identity.Account, err error) {
	if err := access.Allow(actor, access.ManageProvider, ""); err != nil {
		return nil, err
	}
	err = d.db.View(ctx, func(tx *store.Tx) error {
		all, err = tx.Providers.All()
		return err
	})
	return all, err
}

// RemoveProviderAdministrator removes an administrator of the provider with
// the account; its tokens are dead. The last one stays (last_administrator).
// When the default one goes, the oldest takes its place.
func (d *Directory) RemoveProviderAdministrator(ctx context.Context, actor identity.Actor, id identity.AccountID) error {
	if err := access.Allow(actor, access.ManageProvider, ""); err != nil {
		return err
	}
	return d.db.Update(ctx, func(tx *store.Tx) error {
		all, err := tx.Providers.All()
		if err != nil {
			return err
		}
		if err := tx.Providers.Delete(id); err != nil {
			return err
		}
		if len(all) == 1 {
			return fault.New(fault.Conflict, fault.CodeLastAdministrator)
		}
		if err := tx.Accounts.Delete(id); err != nil {
			return err
		}
		if all[0].ID == id {
			if err := tx.Providers.Put(all[1].ID, true); err != nil {
				return err
			}
		}
		return audit.Record(tx, actor, audit.ProviderAdministratorRemoved, audit.About{Target: string(id)})
	})
}
