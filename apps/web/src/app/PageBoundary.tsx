import { Component, type ReactNode } from 'react';
import { useWords } from '../messages/language.js';
import { Empty } from '../ui/parts.js';

interface State {
  readonly failed: boolean;
}

/** A page that breaks, or cannot be loaded, takes nothing else with it. */
export class PageBoundary extends Component<{ readonly children: ReactNode }, State> {
  override state: State = { failed: false };

  static getDerivedStateFromError(): State {
    return { failed: true };
  }

  override render(): ReactNode {
    return this.state.failed ? <Broken /> : this.props.children;
  }
}

/** Its file may be gone because the server is newer than the page: loading it anew helps then. */
function Broken() {
  const { shell } = useWords();
  return (
    <Empty title={shell.brokenTitle}>
      {shell.brokenAbout}{' '}
      <button type="button" className="main" onClick={() => location.reload()}>
        {shell.reload}
      </button>
    </Empty>
  );
}
