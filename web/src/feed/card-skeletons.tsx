/** Holds the places of the cards while the first answer is on its way. */
export function CardSkeletons({ count }: { readonly count: number }) {
  return (
    <div className="grid" aria-busy="true">
      <span className="visually-hidden" role="status">
        Loading
      </span>
      {Array.from({ length: count }, (_, index) => (
        <div className="card skeleton" key={index} aria-hidden="true">
          <span className="card-window">
            <span className="pane" />
          </span>
          <div className="card-body">
            <div className="line" style={{ width: '62%' }} />
            <div className="line" style={{ width: '90%' }} />
            <div className="line" style={{ width: '74%' }} />
          </div>
        </div>
      ))}
    </div>
  );
}
