import { useWords } from '../messages/language.js';
import { Link } from '../ui/Link.js';
import { Empty } from '../ui/parts.js';

export function NotFound() {
  const { shell } = useWords();
  return (
    <>
      <h1>{shell.notFoundTitle}</h1>
      <Empty title={shell.notFoundAbout}>
        <Link to="/">{shell.toHome}</Link> · <Link to="/tokens">{shell.toTokens}</Link>
      </Empty>
    </>
  );
}
