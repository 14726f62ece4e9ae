import '../testing/browser.fixture.js';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { cleanup, fireEvent, render, within } from '@testing-library/react';
import { Amount, Change, PriceText } from './Amount.js';
import { Finality } from './Finality.js';
import { Outside } from './Outside.js';
import { Tabs } from './Tabs.js';
import { Field } from './Field.js';

afterEach(cleanup);
/** Testing Library's own `screen` is made before there is a document: packages of the other kind are loaded before any module runs. */
const seen = () => within(document.body);

describe('a number of the market', () => {
  it('is short where it is seen, and exact to the base unit where one points at it', () => {
    render(<Amount baseUnits="1234567000000000000000001" decimals={18} symbol="AUR" />);
    expect(seen().getByText('1.23M').getAttribute('title')).toBe('1,234,567.000000000000000001 AUR');
    render(<PriceText value="0.00000123" unit="BOR" />);
    expect(seen().getByText('0.0₅123').getAttribute('title')).toBe('0.00000123 BOR');
  });

  it('says by its sign, and not by colour alone, which way it went', () => {
    render(<Change percent="-3.5" />);
    expect(seen().getByText('-3.50%').dataset['way']).toBe('down');
  });

  it('says how final it is', () => {
    render(<Finality finality={{ status: 'CONFIRMED', blockNumber: 7, confirmations: 2 }} />);
    expect(seen().getByText('Confirmed').parentElement?.title).toContain(
      'a reorganisation may still take it back',
    );
    render(<Finality finality={null} />);
    expect(seen().getByText('Pending').parentElement?.title).toContain('not on the chain yet');
  });
});

describe('what a stranger wrote', () => {
  it('is a link only where it may be followed, with its host told', () => {
    render(<Outside text="https://example.org/a" />);
    const link = seen().getByRole('link', { name: 'example.org' });
    expect([link.getAttribute('rel'), link.getAttribute('target')]).toEqual([
      ...['noopener noreferrer nofollow ugc', '_blank'],
    ]);
  });

  it('is text where it would run, and has no elements of its own', () => {
    render(<Outside text="javascript:alert(1)" />);
    render(<Outside text="<img src=x onerror=alert(1)>" />);
    expect(seen().queryByRole('link')).toBeNull();
    expect(document.querySelector('img')).toBeNull();
    expect(seen().getByText('javascript:alert(1)').tagName).toBe('SPAN');
  });
});

describe('what one goes through by keys', () => {
  it('are tabs by arrows, around the end too', () => {
    const onChoose = jest.fn<(name: 'one' | 'two') => void>();
    render(
      <Tabs
        label="Parts"
        chosen="two"
        onChoose={onChoose}
        tabs={[
          { name: 'one', label: 'One' },
          { name: 'two', label: 'Two' },
        ]}
      >
        text
      </Tabs>,
    );
    fireEvent.keyDown(seen().getByRole('tab', { name: 'Two' }), { key: 'ArrowRight' });
    expect(onChoose).toHaveBeenCalledWith('one');
    expect(seen().getByRole('tabpanel').getAttribute('aria-labelledby')).toBe(
      seen().getByRole('tab', { name: 'Two' }).id,
    );
  });

  it('is a field with its name, and what is wrong with it told where it is', () => {
    render(
      <Field label="Symbol" problem="Capitals only">
        {(attributes) => <input {...attributes} />}
      </Field>,
    );
    const input = seen().getByLabelText('Symbol');
    expect(input.getAttribute('aria-invalid')).toBe('true');
    expect(document.getElementById(input.getAttribute('aria-describedby') ?? '')?.textContent).toBe(
      'Capitals only',
    );
  });
});
