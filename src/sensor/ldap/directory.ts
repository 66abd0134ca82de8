import type { Persona } from '../persona.ts';

export interface Entry {
  dn: string;
  attributes: Record<string, string[]>;
}

export const suffixOf = ({ domain }: Persona) =>
  domain
    .split('.')
    .map((part) => `dc=${part}`)
    .join(',');

/** What slapd says of itself (RFC 4512 §5.1): all but the class only to who asks for it. */
export function rootEntry(persona: Persona): {
  plain: Record<string, string[]>;
  operational: Record<string, string[]>;
} {
  return {
    plain: { objectClass: ['top', 'OpenLDAProotDSE'] },
    operational: {
      structuralObjectClass: ['OpenLDAProotDSE'],
      configContext: ['cn=config'],
      namingContexts: [suffixOf(persona)],
      supportedControl: [
        '2.16.840.1.113730.3.4.18',
        '2.16.840.1.113730.3.4.2',
        '1.3.6.1.4.1.4203.1.10.1',
        '1.3.6.1.1.22',
        '1.2.840.113556.1.4.319',
        '1.2.826.0.1.3344810.2.3',
        '1.3.6.1.1.13.2',
        '1.3.6.1.1.13.1',
        '1.3.6.1.1.12',
      ],
      supportedExtension: ['1.3.6.1.4.1.4203.1.11.1', '1.3.6.1.4.1.4203.1.11.3', '1.3.6.1.1.8'],
      supportedFeatures: [
        '1.3.6.1.1.14',
        '1.3.6.1.4.1.4203.1.5.1',
        '1.3.6.1.4.1.4203.1.5.2',
        '1.3.6.1.4.1.4203.1.5.3',
        '1.3.6.1.4.1.4203.1.5.4',
        '1.3.6.1.4.1.4203.1.5.5',
      ],
      supportedLDAPVersion: ['3'],
      entryDN: [''],
      subschemaSubentry: ['cn=Subschema'],
    },
  };
}

const firstNames = 'anna ben clara david emma felix grace henry'.split(' ');
const lastNames = 'adler brown costa dietz evans fischer garcia hansen keller novak'.split(' ');

/** The entries that strangers may read: the organisation, its units, a few people without their passwords. */
export function entriesOf(persona: Persona): Entry[] {
  const suffix = suffixOf(persona);
  const number = (label: string) => Number.parseInt(persona.token(`ldap ${label}`, 6), 16);
  const people = Array.from({ length: 4 + (number('people') % 4) }, (_, i): Entry => {
    const first = firstNames[number(`first ${i}`) % firstNames.length]!;
    const last = lastNames[(number('last') + i) % lastNames.length]!;
    const uid = `${first[0]}${last}`;
    const upper = (text: string) => text[0]!.toUpperCase() + text.slice(1);
    return {
      dn: `uid=${uid},ou=people,${suffix}`,
      attributes: {
        objectClass: ['inetOrgPerson', 'posixAccount'],
        uid: [uid],
        cn: [`${upper(first)} ${upper(last)}`],
        sn: [upper(last)],
        mail: [`${first}.${last}@${persona.domain}`],
        uidNumber: [String(10_001 + i)],
        gidNumber: ['10000'],
        homeDirectory: [`/home/${uid}`],
      },
    };
  });
  return [
    {
      dn: suffix,
      attributes: {
        objectClass: ['top', 'dcObject', 'organization'],
        o: [persona.owner || persona.domain],
        dc: [persona.domain.split('.')[0]!],
      },
    },
    { dn: `ou=people,${suffix}`, attributes: { objectClass: ['organizationalUnit'], ou: ['people'] } },
    { dn: `ou=groups,${suffix}`, attributes: { objectClass: ['organizationalUnit'], ou: ['groups'] } },
    ...people,
  ];
}
