import { useStore } from '../browser/store.js';
import { nextTheme, theme } from '../browser/theme.js';
import { choose, type Language, LANGUAGES, useLanguage, useWords } from '../messages/language.js';
import { helpIsOpen } from '../shell/shortcuts.js';
import { Icon } from '../ui/icons.js';

const ICONS = { system: 'system', dark: 'moon', light: 'sun' } as const;

export function Preferences() {
  const shown = useStore(theme);
  const language = useLanguage();
  const { shell } = useWords();
  const colours = `${shell.colours}: ${shell.themes[shown]}`;
  return (
    <div className="who-tools">
      <label className="language">
        <span className="unseen">{shell.language}</span>
        <Icon name="globe" size={16} />
        <select value={language} onChange={(event) => void choose(event.target.value as Language)}>
          {Object.entries(LANGUAGES).map(([tag, { name }]) => (
            <option key={tag} value={tag}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <button
        type="button"
        className="plain"
        aria-label={shell.keys}
        title={`${shell.keys} (?)`}
        onClick={() => helpIsOpen.set(true)}
      >
        <Icon name="keys" />
      </button>
      <button
        type="button"
        className="plain"
        aria-label={colours}
        title={colours}
        onClick={() => theme.set(nextTheme[shown])}
      >
        <Icon name={ICONS[shown]} />
      </button>
    </div>
  );
}
