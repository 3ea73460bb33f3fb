'use client';
import { Component, Suspense, type ReactNode } from 'react';
import { Awaiting, Button, Notice } from './controls';

interface PanelProps {
  /** In the middle of a sentence: "the charts". */
  what: string;
  children: ReactNode;
}

interface PanelState {
  failed: boolean;
}

/**
 * A part of a page that fails alone: an error in it, or a script of it that does not come, is said in its place and
 * leaves the rest in use. Until its script is there it says, past a second, what is awaited.
 */
export class Panel extends Component<PanelProps, PanelState> {
  override state: PanelState = { failed: false };
  static getDerivedStateFromError(): PanelState {
    return { failed: true };
  }
  override render(): ReactNode {
    const { what, children } = this.props;
    if (!this.state.failed) {
      return <Suspense fallback={<Awaiting>Loading {what}.</Awaiting>}>{children}</Suspense>;
    }
    return (
      <Notice
        title={`Couldn’t show ${what}`}
        action={
          <div className="flex gap-2">
            <Button onClick={() => this.setState({ failed: false })}>Try again</Button>
            <Button look="quiet" onClick={() => location.reload()}>
              Reload the page
            </Button>
          </div>
        }
      >
        Something in this part of the page failed. The rest goes on.
      </Notice>
    );
  }
}
