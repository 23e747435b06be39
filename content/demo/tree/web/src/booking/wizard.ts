// The five steps of a new booking.
import { setting } from '../platform/settings';

export const steps = ['tour', 'travellers', 'rooms', 'services', 'summary'] as const;
