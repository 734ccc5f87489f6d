// The heading of a part of a lesson. When another part comes, it is brought into view and takes the
// focus, so that keys and screen readers go on from there; when the page comes, it leaves the focus
// where it is.

export default ({ data, parentElement }) => {
  let heading = parentElement.querySelector("h2");
  if (!heading) {
    heading = document.createElement("h2");
    heading.tabIndex = -1;
    heading.dataset.testid = "part";
    parentElement.append(heading);
  }
  const before = heading.dataset.place;
  heading.textContent = data.title;
  heading.dataset.place = data.place;
  if (before && before !== data.place) {
    heading.focus({ preventScroll: true });
    heading.scrollIntoView({ block: "start" });
  }
};
