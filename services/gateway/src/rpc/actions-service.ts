/** Actions and leases are answered by one service; begins the sentence "… does not answer at the moment." */
export const ACTIONS_SERVICE = 'The actions service, which has hosts do things and keeps leases,';
