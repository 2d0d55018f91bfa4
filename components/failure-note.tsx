import type { ComponentChildren } from 'preact';
import { Button } from './button';
import { Note } from './note';
import { type About, failureWords, type NextStep, stepWords, type Told } from './failure-words';

/** The failure, whom it is about, and the steps its place can take. */
export type FailureNoteProps = {
  readonly failure: Told;
  readonly whom: About;
  /** Takes the next step; without it the note only tells. */
  readonly onStep?: (step: NextStep) => void;
  /** Steps this place cannot take. */
  readonly without?: readonly NextStep[];
  readonly onClose?: () => void;
  readonly children?: ComponentChildren;
};

/** What went wrong, inline where it happened, with its next step. */
export function FailureNote({ failure, whom, onStep, without = [], onClose, children }: FailureNoteProps) {
  const { title, text, step } = failureWords(failure, whom);
  return (
    <Note role="bad" title={title} text={text} urgent {...(onClose ? { onClose } : {})}>
      {onStep && step && !without.includes(step) && (
        <Button size="sm" onPress={() => onStep(step)}>
          {stepWords(step, whom)}
        </Button>
      )}
      {children}
    </Note>
  );
}
