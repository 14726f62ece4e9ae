import type { frame as english } from '../en/frame.js';

/** In German: what every page lies in. */
export const frame: typeof english = {
  copy: 'Kopieren:',
  copied: 'Kopiert',
  close: 'Schließen',
  pages: {
    home: 'Start',
    tokens: 'Token',
    trade: 'Tauschen',
    pools: 'Pools',
    create: 'Ausgeben',
    portfolio: 'Bestand',
    governance: 'Abstimmung',
    analytics: 'Statistik',
    developers: 'Entwickler',
  },
  shell: {
    about: 'Märkte',
    skip: 'Zum Inhalt',
    pages: 'Seiten',
    toLookAt: (count) => `${count} anzusehen`,
    loading: 'Die Seite lädt',
    colours: 'Farben',
    themes: { system: 'System', dark: 'dunkel', light: 'hell' },
    keys: 'Tasten',
    language: 'Sprache',
    brokenTitle: 'Diese Seite ist ausgefallen',
    brokenAbout:
      'Alles andere läuft weiter. Vielleicht gibt es eine neuere Version: Laden Sie die Seite neu.',
    reload: 'Neu laden',
    notFoundTitle: 'Diese Seite gibt es nicht',
    notFoundAbout: 'Der Link ist vielleicht alt, oder ihm fehlt ein Zeichen.',
    toHome: 'Zum Start',
    toTokens: 'Alle Token',
  },
  trust: {
    offline: 'Nicht verbunden',
    connecting: 'Verbindet',
    live: 'Live',
    block: 'Block',
    finalBlock: (block) =>
      `Endgültig bis Block ${block}: Was darunter liegt, nimmt keine Reorganisation zurück`,
    lost: 'Die Verbindung fehlt seit',
    retried: 'Sie sehen den Stand von da; es wird von selbst erneut versucht.',
    late: (time) => `Die Kette ist weiter: Was Sie sehen, ist etwa ${time} alt.`,
    drift: 'Einige Zahlen weichen von der Kette ab und werden untersucht.',
    retracted: (from, to) =>
      from === to
        ? `Eine Reorganisation der Kette hat Block ${from} zurückgenommen. Sie sehen den Stand ohne ihn.`
        : `Eine Reorganisation der Kette hat die Blöcke ${from} bis ${to} zurückgenommen. Sie sehen den Stand ohne sie.`,
    understood: 'Verstanden',
  },
  finality: {
    pending: 'Ausstehend',
    confirmed: 'Bestätigt',
    final: 'Endgültig',
    pendingAbout: 'noch nicht auf der Kette',
    confirmedAbout: (block, confirmations) =>
      `in Block ${block}, ${confirmations} tief; eine Reorganisation kann es noch zurücknehmen`,
    finalAbout: (block) => `in Block ${block}; keine Reorganisation nimmt es zurück`,
  },
  search: {
    label: 'Token, Adressen und Transaktionen suchen',
    placeholder: 'Name, Symbol, Adresse oder Transaktion',
    found: 'Gefundene Token',
  },
  account: {
    connect: 'Verbinden',
    connectTitle: 'Wallet verbinden',
    connectAbout:
      'Sie unterschreiben einen Text, um zu zeigen, dass das Konto Ihnen gehört. Er sendet nichts und kostet nichts.',
    connectFoot: 'Nie wird etwas unterschrieben, das Ihnen nicht vorher gezeigt wurde.',
    yours: 'Ihr Konto',
    portfolio: 'Bestand',
    orders: 'Aufträge',
    profile: 'Profil und Einstellungen',
    admin: 'Verwaltung',
    audit: 'Prüfung',
    operations: 'Betrieb',
    signOut: 'Abmelden',
    wallets: {
      none: 'In diesem Browser ist keine Wallet installiert. Eine, die sich meldet (EIP-6963), erscheint hier.',
      developmentTitle: 'Entwicklungskonten',
      developmentAbout:
        'Ihre Schlüssel kennt jeder: Sie sind hier, weil dieses System ganz eingebettet läuft.',
      developmentName: (short) => `Entwicklungskonto ${short}`,
      waiting: 'Wartet auf die Unterschrift …',
    },
  },
};
