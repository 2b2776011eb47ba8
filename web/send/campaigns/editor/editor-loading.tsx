export function EditorLoading() {
  return (
    <div aria-busy="true" className="flex min-w-0 grow animate-breathe flex-col">
      <span className="sr-only" role="status">
        Loading the campaign
      </span>
      <div className="h-13 border-b border-line" />
      <div className="flex grow gap-4 p-4 lg:p-8">
        <div className="flex grow flex-col gap-5">
          {[100, 100, 60].map((width, index) => (
            <div key={index} className="h-9 rounded-control bg-sunk" style={{ width: `${width}%` }} />
          ))}
          <div className="grow rounded-card bg-sunk" />
        </div>
        <div className="w-2/5 rounded-card bg-sunk max-lg:hidden" />
      </div>
    </div>
  )
}
