/** Parameter of the address that names the view of the drawer; it goes with the drawer. */
export const VIEW_PARAM = 'show';
